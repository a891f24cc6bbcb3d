"""Pickles of NumPy arrays, read without the unpickler: there is nothing in here that a file could call."""

import codecs
import io
import pickletools
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
from numpy import ndarray

from ..whole_file import read_whole, shortened

MAX_BYTES = 128 * 2**20
MAX_OPCODES = 10_000  # a dictionary of ten arrays takes some 200

_CONSTANTS = {"NONE": None, "NEWTRUE": True, "NEWFALSE": False, "EMPTY_TUPLE": ()}
_LITERALS = {
    "INT", "BININT", "BININT1", "BININT2", "LONG", "LONG1", "LONG4", "FLOAT", "BINFLOAT", "STRING",
    "BINSTRING", "SHORT_BINSTRING", "BINBYTES", "SHORT_BINBYTES", "BINBYTES8", "BYTEARRAY8", "UNICODE",
    "SHORT_BINUNICODE", "BINUNICODE", "BINUNICODE8",
}  # fmt: skip
_TUPLES = {"TUPLE1": 1, "TUPLE2": 2, "TUPLE3": 3}
_MARK = object()


def unpickle_arrays(path: str | Path) -> dict[str, ndarray]:
    """The arrays and numbers of a pickled dictionary, by name; whatever else it holds is left out.

    A pickle that asks for any name outside NumPy's arrays is refused.
    """
    found = {
        key: getattr(value, "array", value) for key, value in unpickle(path, max_bytes=MAX_BYTES).items()
    }
    return {
        key: np.asarray(value) for key, value in found.items() if isinstance(value, ndarray | int | float)
    }


def unpickle(
    path: str | Path, *, max_bytes: int, find: Callable[[str, str], Any] | None = None
) -> dict[str, Any]:
    """A pickled dictionary; of what in it has an attribute `array`, the numbers are there.

    find: what stands for a name that the pickle asks for, by module and name; NumPy's arrays unless given.
    It may be called with whatever the file likes, and what comes of it is filled, `fill(*state)` or
    `fill(**state)`.
    """
    content = read_whole(path, max_bytes=max_bytes)
    try:
        loaded = _Machine(find or NumpyName).run(content)
        if not isinstance(loaded, dict):
            raise ValueError(f"it holds a {type(loaded).__name__} instead of a dictionary")
        return loaded
    except Exception as error:  # a mangled pickle can fail in any way at all
        raise ValueError(f"{path} is not a pickle of NumPy arrays: {shortened(error)}") from error


class _Machine:
    """The stack machine of pickles, its opcodes as `pickletools` names them. The calls that it knows are
    those by which NumPy 1 and 2 write arrays, and are done by hand."""

    def __init__(self, find: Callable[[str, str], Any]) -> None:
        self.find = find
        self.stack: list[Any] = []
        self.memo: dict[int, Any] = {}

    def run(self, content: bytes) -> Any:
        """What the pickle holds."""
        for number, (name, argument) in enumerate(_opcodes(content)):
            if number >= MAX_OPCODES:
                raise ValueError(f"it has more than {MAX_OPCODES} parts")
            self.follow(name, argument)
        return self.stack.pop()

    def follow(self, name: str, argument: Any) -> None:
        """One opcode."""
        match name:
            case "PROTO" | "FRAME" | "STOP":
                pass
            case "MARK":
                self.stack.append(_MARK)
            case "MEMOIZE" | "PUT" | "BINPUT" | "LONG_BINPUT":
                self.memo[len(self.memo) if argument is None else argument] = self.stack[-1]
            case "GET" | "BINGET" | "LONG_BINGET":
                self.stack.append(self.memo[argument])
            case "APPEND" | "APPENDS":
                items = self.last(1) if name == "APPEND" else self.since_mark()
                self.stack[-1].extend(items)
            case "SETITEM" | "SETITEMS":
                items = self.last(2) if name == "SETITEM" else self.since_mark()
                self.stack[-1].update(_pairs(items))
            case "REDUCE" | "NEWOBJ":
                called, arguments = self.last(2)
                self.stack.append(called(*arguments))  # only what `find` gave is callable here
            case "BUILD":
                (state,) = self.last(1)
                fill = self.stack[-1].fill
                fill(**state) if isinstance(state, dict) else fill(*state)
            case _:
                self.stack.append(self.made(name, argument))

    def made(self, name: str, argument: Any) -> Any:
        """What an opcode puts on the stack."""
        match name:
            case _ if name in _CONSTANTS:
                return _CONSTANTS[name]
            case _ if name in _LITERALS:
                return argument
            case _ if name in _TUPLES:
                return tuple(self.last(_TUPLES[name]))
            case "TUPLE":
                return tuple(self.since_mark())
            case "EMPTY_LIST" | "LIST":
                return self.since_mark() if name == "LIST" else []
            case "EMPTY_DICT" | "DICT":
                return _pairs(self.since_mark()) if name == "DICT" else {}
            case "GLOBAL":
                return self.find(*argument.split(" ", 1))
            case "STACK_GLOBAL":
                return self.find(*self.last(2))
        raise ValueError(f"it asks for {name}, which is refused")

    def last(self, count: int) -> list[Any]:
        """The last so many, taken off the stack."""
        return [self.stack.pop() for _ in range(count)][::-1]

    def since_mark(self) -> list[Any]:
        """What lies above the last mark, taken off the stack with it."""
        items = []
        while (item := self.stack.pop()) is not _MARK:
            items.append(item)
        return items[::-1]


def _opcodes(content: bytes) -> Iterator[tuple[str, Any]]:
    """Names and arguments. `pickletools.genops` gives them, too, but not Python 2's strings of bytes."""
    stream, name = io.BytesIO(content), ""
    while name != "STOP":
        code = stream.read(1)
        if not code:
            raise ValueError("its end is missing")
        opcode = pickletools.code2op[code.decode("latin1")]
        name = opcode.name
        if name == "STRING":
            yield name, codecs.escape_decode(stream.readline().strip()[1:-1])[0].decode("latin1")
        else:
            yield name, None if opcode.arg is None else opcode.arg.reader(stream)


class NumpyName:
    """What a pickle of arrays may ask for by name. A call makes an array, a type of numbers or bytes."""

    def __init__(self, module: str, name: str) -> None:
        known = (module, name) == ("_codecs", "encode") or (
            module.split(".")[0] == "numpy"
            and name in ("_reconstruct", "_frombuffer", "scalar", "ndarray", "dtype")
        )
        if not known:
            raise ValueError(f"it asks for {shortened(f'{module}.{name}')}, which is refused")
        self.name = name

    def __call__(self, *arguments: Any) -> Any:
        match self.name, arguments:
            case "_reconstruct", _:
                return _Array()
            case "_frombuffer", (content, _Type() as kind, shape, order):
                return np.frombuffer(content, kind.dtype).reshape(shape, order=order)
            case "scalar", (_Type() as kind, content):
                return np.frombuffer(_as_bytes(content), kind.dtype).reshape(()).item()
            case "dtype", (code, *_):
                return _Type(code)
            case "encode", (str(text), "latin1"):  # how Python 3 writes bytes for Python 2
                return text.encode("latin1")
        raise ValueError(f"it calls {self.name} in a way that is refused")


class _Type:
    """A type of numbers, as "f8". Any other could hold objects, or be as large as it likes."""

    def __init__(self, code: str) -> None:
        if not re.fullmatch(r"[biufc]\d{1,2}", code):
            raise ValueError(f"it asks for the type {shortened(repr(code))}, which is refused")
        self.dtype = np.dtype(code)

    def fill(self, version: int, order: str, *parts: Any) -> None:
        """Bytes may be in the other order; parts of a structure are refused."""
        if parts[:3] != (None, None, None):
            raise ValueError("it asks for a structured type, which is refused")
        self.dtype = self.dtype.newbyteorder(order)


class _Array:
    """An array, empty until its state is known."""

    array = np.empty(0)

    def fill(self, version: int, shape: tuple, kind: _Type, by_columns: bool, content: Any) -> None:
        """NumPy's state of version 1. The numbers stand in the file, so they cannot be more than it holds."""
        order = "F" if by_columns else "C"
        self.array = np.frombuffer(_as_bytes(content), kind.dtype).reshape(shape, order=order)


def _as_bytes(content: Any) -> Any:
    """Python 2 wrote bytes as strings."""
    return content.encode("latin1") if isinstance(content, str) else content


def _pairs(items: list[Any]) -> dict[str, Any]:
    """Keys and values by turns. Only words are keys: to hash tuples of tuples can take forever."""
    keys, values = items[::2], items[1::2]
    return {key: value for key, value in zip(keys, values, strict=True) if isinstance(key, str)}
