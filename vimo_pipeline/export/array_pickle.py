"""Pickles of NumPy arrays, read without the unpickler: there is nothing in here that a file could call."""

import pickletools
import re
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
    content = read_whole(path, max_bytes=MAX_BYTES)
    try:
        loaded = _Machine().run(content)
    except Exception as error:  # a mangled pickle can fail in any way at all
        raise ValueError(f"{path} is not a pickle of NumPy arrays: {shortened(error)}") from error
    if not isinstance(loaded, dict):
        raise ValueError(f"{path} holds a {type(loaded).__name__}, an AIST++ file is a dictionary of arrays")
    found = {key: value.array if isinstance(value, _Array) else value for key, value in loaded.items()}
    return {
        key: np.asarray(value) for key, value in found.items() if isinstance(value, ndarray | int | float)
    }


class _Machine:
    """The stack machine of pickles, its opcodes as `pickletools` names them. The calls that it knows are
    those by which NumPy 1 and 2 write arrays, and are done by hand."""

    def __init__(self) -> None:
        self.stack: list[Any] = []
        self.memo: dict[int, Any] = {}

    def run(self, content: bytes) -> Any:
        """What the pickle holds."""
        for number, (opcode, argument, _) in enumerate(pickletools.genops(content)):
            if number >= MAX_OPCODES:
                raise ValueError(f"it has more than {MAX_OPCODES} parts")
            self.follow(opcode.name, argument)
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
            case "REDUCE":
                called, arguments = self.last(2)
                self.stack.append(called(*arguments))  # only a _Name is callable here
            case "BUILD":
                (state,) = self.last(1)
                self.stack[-1].fill(*state)
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
                return _Name(*argument.split(" ", 1))
            case "STACK_GLOBAL":
                return _Name(*self.last(2))
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


class _Name:
    """What a pickle may ask for by name. A call makes an array, a type of numbers or bytes."""

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
