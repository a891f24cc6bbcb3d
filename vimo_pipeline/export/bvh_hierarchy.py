"""The HIERARCHY section of a BVH file: joints as they hang on each other."""

import re
from dataclasses import dataclass, field
from itertools import islice

MAX_JOINTS = 5000
MAX_CHANNELS = 6  # of a joint
END_SITE = -1  # in place of a joint's index


@dataclass
class BvhJoint:
    """A joint of a file, with the columns of its channels."""

    name: str  # in lower case
    parent: int  # -1 for the root
    offset: list[float] = field(default_factory=list)
    channels: dict[int, str] = field(default_factory=dict)  # column -> "xrotation", in the file's order


def parse_hierarchy(text: str) -> list[BvhJoint]:
    """Joints in the order of their channels, parents before children. End sites are skipped."""
    words = (word[0] for word in re.finditer(r"[{}]|[^\s{}]+", text))
    reading = _Reading(islice(words, 1, None))  # without HIERARCHY itself
    try:
        reading.all()
    except (StopIteration, IndexError) as error:
        raise ValueError("the hierarchy ends too early or its braces do not match") from error
    if reading.open:
        raise ValueError(f"the hierarchy leaves {len(reading.open)} braces open")
    return reading.joints


class _Reading:
    """Joints as far as the words were read."""

    def __init__(self, words: islice) -> None:
        self.words = words
        self.joints: list[BvhJoint] = []
        self.open: list[int] = []  # braces: index of the joint, or END_SITE
        self.column = 0

    def all(self) -> None:
        read = {
            "root": self._joint, "joint": self._joint, "end": self._end_site, "offset": self._offset,
            "channels": self._channels, "}": self.open.pop,
        }  # fmt: skip
        for word in self.words:
            if word.lower() not in read:
                raise ValueError(f"the hierarchy holds an unknown word {word[:40]!r}")
            if (word.lower() == "root") != (not self.joints):
                raise ValueError(f"the hierarchy is broken at {word} {next(self.words)[:40]!r}")
            read[word.lower()]()

    def _joint(self) -> None:
        if len(self.joints) == MAX_JOINTS:
            raise ValueError(f"the skeleton has more than {MAX_JOINTS} joints")
        name = self._opened()
        self.joints.append(BvhJoint(name.lower(), self.open[-1] if self.joints else -1))
        self.open.append(len(self.joints) - 1)

    def _end_site(self) -> None:
        self._opened()
        self.open.append(END_SITE)

    def _opened(self) -> str:
        """The name before a brace."""
        name, brace = next(self.words), next(self.words)
        if brace != "{":
            raise ValueError(f"the hierarchy is broken at {name[:40]!r}: a brace must follow")
        return name

    def _offset(self) -> None:
        offset = [float(next(self.words)) for _ in range(3)]
        if self.open[-1] != END_SITE:
            self.joints[self.open[-1]].offset = offset

    def _channels(self) -> None:
        if self.open[-1] == END_SITE:
            raise ValueError("an end site has channels; only joints have them")
        channels = self.joints[self.open[-1]].channels
        for _ in range(int(next(self.words))):
            channels[self.column] = _channel(next(self.words))
            self.column += 1
            if len(channels) > MAX_CHANNELS:
                raise ValueError(f"a joint has more than {MAX_CHANNELS} channels")


def _channel(word: str) -> str:
    name = word.lower()
    if not re.fullmatch("[xyz](position|rotation)", name):
        raise ValueError(f"unknown channel {word[:40]!r}")
    return name
