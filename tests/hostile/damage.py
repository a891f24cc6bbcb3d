"""How files come to harm. Every choice is made by a `Random`, so that hypothesis can make it, too."""

import json
import re
from random import Random
from typing import Any

NASTY_WORDS = (
    "", "0", "-1", "1000000", "-1000000", "99999999999999999999", "1e999", "-1e308", "1e-320", "NaN",
    "Infinity", "-inf", "nan", "null", "true", "0x10", "1_000", "one", "../../etc/passwd", "\x00", "\ud800",
    "{", "}", "[" * 50, "(" * 50, "🕺" * 20, "A" * 5000,
)  # fmt: skip
NASTY_VALUES = (
    None, True, False, 0, -1, 1, 0.5, 10**6, -(10**6), 10**30, 1e308, -1e308, 1e-320, float("nan"),
    float("inf"), "", "NaN", "../../../etc/passwd", "os", "system", "posix.system", "\x00", "\ud800",
    "A" * 5000, [], {}, [[]], [{}], [None] * 50, [0.5] * 51, {"a": 1}, ["os", "system"], [["os", "system"]],
)  # fmt: skip


def spoil(content: bytes, chance: Random) -> bytes:
    """The bytes with one kind of harm done to them."""
    harm = chance.choice((cut, flip, flip_head, blank, repeat, swap, insert, reword))
    return harm(content, chance)


def cut(content: bytes, chance: Random) -> bytes:
    """The end is missing."""
    return content[: chance.randrange(len(content))] if content else b""


def flip(content: bytes, chance: Random) -> bytes:
    """A few bits are wrong."""
    harmed = bytearray(content)
    for _ in range(chance.randint(1, 8)):
        harmed[chance.randrange(len(harmed))] ^= 1 << chance.randrange(8)
    return bytes(harmed)


def flip_head(content: bytes, chance: Random) -> bytes:
    """A few bits are wrong where formats keep their claims: at the start and at the end."""
    side = min(512, len(content) // 2)
    if chance.random() < 0.7:
        return flip(content[:side] or b"\0", chance) + content[side:]
    return content[: len(content) - side] + flip(content[len(content) - side :] or b"\0", chance)


def blank(content: bytes, chance: Random) -> bytes:
    """A stretch was never written, or is all ones."""
    start, stop = _stretch(content, chance)
    return content[:start] + chance.choice((b"\0", b"\xff")) * (stop - start) + content[stop:]


def repeat(content: bytes, chance: Random) -> bytes:
    """A stretch comes several times."""
    start, stop = _stretch(content, chance)
    return content[:stop] + content[start:stop] * chance.randint(1, 4) + content[stop:]


def swap(content: bytes, chance: Random) -> bytes:
    """Two stretches changed places."""
    start, stop = _stretch(content, chance)
    return content[stop:] + content[start:stop] + content[:start]


def insert(content: bytes, chance: Random) -> bytes:
    """Something strange stands in the middle."""
    at = chance.randrange(len(content) + 1)
    return content[:at] + chance.randbytes(chance.randint(1, 64)) + content[at:]


def reword(content: bytes, chance: Random) -> bytes:
    """A number or word is another one, as far as there are words."""
    words = list(re.finditer(rb"[-+.\w]+", content[:20_000]))
    if not words:
        return insert(content, chance)
    word = chance.choice(words)
    other = chance.choice(NASTY_WORDS).encode(errors="surrogatepass")
    return content[: word.start()] + other + content[word.end() :]


def spoil_json(content: bytes, chance: Random) -> bytes:
    """Valid JSON, as Python reads it, in which one part is another one, is missing or comes twice."""
    document = json.loads(content)
    parent, key = _place(document, chance)
    if parent is None:
        document = chance.choice(NASTY_VALUES)
    elif chance.random() < 0.2:
        del parent[key]
    elif isinstance(parent, list) and chance.random() < 0.2:
        parent.insert(key, parent[key])
    else:
        parent[key] = chance.choice(NASTY_VALUES)
    return json.dumps(document).encode()


def _place(document: Any, chance: Random) -> tuple[Any, Any]:
    """Where something stands in a document; nowhere is the document itself."""
    parent, key = None, None
    while isinstance(document, list | dict) and document and chance.random() < 0.85:
        parent = document
        key = chance.choice(list(document)) if isinstance(document, dict) else chance.randrange(len(document))
        document = document[key]
    return parent, key


def _stretch(content: bytes, chance: Random) -> tuple[int, int]:
    start = chance.randrange(len(content) + 1)
    return start, min(len(content), start + 2 ** chance.randint(0, 12))
