"""`Mask`: which parts of a motion are known, over time, joints and channels, by name."""

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import pairwise

import torch
from torch import Tensor

from .features import MotionFeatures
from .skeleton import CONTACT_JOINTS, JOINT_NAMES, NUM_JOINTS

CHANNELS = ("contacts", "path", "height")  # of a frame, beside its joints; path: x and z of the root
COLUMNS = (*JOINT_NAMES, *CHANNELS)

_SPINE = ("spine1", "spine2", "spine3")
_HEAD = ("neck", "head")
_ARMS = {
    side: tuple(f"{side}_{joint}" for joint in ("collar", "shoulder", "elbow", "wrist", "hand"))
    for side in ("left", "right")
}
_LEGS = {
    side: tuple(f"{side}_{joint}" for joint in ("hip", "knee", "ankle", "foot")) for side in ("left", "right")
}
# Names for several columns, the largest first: so `Mask` says what it keeps in few words.
GROUPS = {
    "everything": COLUMNS,
    "body": (*JOINT_NAMES, "contacts"),
    "upper_body": (*_SPINE, *_HEAD, *_ARMS["left"], *_ARMS["right"]),
    "lower_body": ("pelvis", *_LEGS["left"], *_LEGS["right"], "contacts"),
    "arms": _ARMS["left"] + _ARMS["right"],
    "legs": _LEGS["left"] + _LEGS["right"],
    "left_arm": _ARMS["left"],
    "right_arm": _ARMS["right"],
    "left_leg": _LEGS["left"],
    "right_leg": _LEGS["right"],
    "spine": _SPINE,
    "head_and_neck": _HEAD,
    "root": ("path", "height"),
}

Frames = str | int | slice | Iterable[int] | None


@dataclass(frozen=True)
class Mask:
    """Which of the 24 joints' rotations, the contacts, the path and the height are known in every frame.

    Masks change by name and do not change in place:

        mask = Mask.nothing(150).keep(frames="0:30,120:150")     # in-betweening
        mask = Mask.everything(150).hide("left_arm", frames="30:60")
        print(mask)
    """

    kept: Tensor  # [T, 27] bool, columns as in COLUMNS

    def __post_init__(self) -> None:
        if self.kept.ndim != 2 or self.kept.shape[1] != len(COLUMNS) or self.kept.dtype != torch.bool:
            raise ValueError(
                f"a mask is [T, {len(COLUMNS)}] of bool, got {list(self.kept.shape)} of {self.kept.dtype}"
            )

    @classmethod
    def everything(cls, frames: int) -> "Mask":
        """All of a motion is known."""
        return cls(torch.ones(frames, len(COLUMNS), dtype=torch.bool))

    @classmethod
    def nothing(cls, frames: int) -> "Mask":
        """Nothing of a motion is known."""
        return cls(torch.zeros(frames, len(COLUMNS), dtype=torch.bool))

    def keep(self, *names: str, frames: Frames = None) -> "Mask":
        """The same and these columns in these frames as well; all of them where none is named.

        names: groups, joints or channels; frames: "30:60", "0:30,120:150", "0,45,90", a slice or numbers.
        """
        return Mask(self.kept | self._chosen(names, frames))

    def hide(self, *names: str, frames: Frames = None) -> "Mask":
        """The same without these columns in these frames."""
        return Mask(self.kept & ~self._chosen(names, frames))

    def __len__(self) -> int:
        return len(self.kept)

    def __and__(self, other: "Mask") -> "Mask":
        return Mask(self.kept & other.kept)

    def __or__(self, other: "Mask") -> "Mask":
        return Mask(self.kept | other.kept)

    def __invert__(self) -> "Mask":
        return Mask(~self.kept)

    @property
    def joints(self) -> Tensor:
        """Whose rotations are known, [T, 24]."""
        return self.kept[:, :NUM_JOINTS]

    def channel(self, name: str) -> Tensor:
        """Where a channel is known, [T]."""
        return self.kept[:, COLUMNS.index(name)]

    @property
    def whole_frames(self) -> Tensor:
        """Which frames are known in all columns, [T]."""
        return self.kept.all(1)

    def features(self) -> Tensor:
        """Which of the 151 numbers of a frame are known, [T, 151]."""
        return features_of(self.kept)

    def __str__(self) -> str:
        changes = (self.kept[1:] != self.kept[:-1]).any(1).nonzero()[:, 0] + 1
        ends = [0, *changes.tolist(), len(self)]
        spans = [(f"{start}:{stop}", _in_words(self.kept[start])) for start, stop in pairwise(ends)]
        width = max((len(span) for span, _ in spans), default=0)
        head = f"keeps {int(self.whole_frames.sum())} of {len(self)} frames whole"
        return "\n".join([head, *(f"  {span:{width}}  {words}" for span, words in spans)])

    def _chosen(self, names: tuple[str, ...], frames: Frames) -> Tensor:
        rows, columns = torch.zeros(len(self), 1), torch.zeros(1, len(COLUMNS))
        rows[frame_numbers(frames, len(self))] = 1
        columns[0, [COLUMNS.index(name) for name in columns_of(*names)]] = 1
        return (rows * columns).bool()


def features_of(kept: Tensor) -> Tensor:
    """Which of the 151 numbers of a frame lie in kept columns, [..., 27] -> [..., 151]."""
    contacts, path, height = kept[..., NUM_JOINTS:].split(1, -1)
    rotations = kept[..., :NUM_JOINTS, None, None].expand(*kept.shape[:-1], NUM_JOINTS, 3, 3)
    contacts = contacts.expand(*kept.shape[:-1], len(CONTACT_JOINTS))
    root = torch.cat([path, height, path], -1)
    return MotionFeatures(rotations.float(), contacts.float(), root.float()).pack() > 0.5


def columns_of(*names: str) -> tuple[str, ...]:
    """The columns of groups, joints and channels; all of them where none is named."""
    unknown = [name for name in names if name not in GROUPS and name not in COLUMNS]
    if unknown:
        raise ValueError(
            f"unknown joint group {unknown[0]!r}; choose from the groups {', '.join(GROUPS)}, "
            f"the channels {', '.join(CHANNELS)} or the joints {', '.join(JOINT_NAMES)}"
        )
    chosen = {column for name in names or ("everything",) for column in GROUPS.get(name, (name,))}
    return tuple(column for column in COLUMNS if column in chosen)


def frame_numbers(frames: Frames, total: int) -> list[int]:
    """Frames in any accepted form as numbers; None is all of them."""
    if frames is None:
        return list(range(total))
    if isinstance(frames, str):
        return [frame for part in frames.split(",") for frame in _span(part.strip(), total)]
    if isinstance(frames, slice):
        return list(range(total))[frames]
    numbers = [frames] if isinstance(frames, int) else list(frames)
    return [_checked(number, total, str(number)) for number in numbers]


def _span(text: str, total: int) -> Iterable[int]:
    start, colon, stop = text.partition(":")
    try:
        first = int(start) if start or not colon else 0
        last = (int(stop) if stop else total) if colon else first + 1
    except ValueError:
        raise ValueError(f"{text!r} is no span of frames; write 30:60, or 45 for a single frame") from None
    if first >= last:
        raise ValueError(f"the span {text} holds no frame; its end must lie behind its start")
    return range(_checked(first, total, text), _checked(last - 1, total, text) + 1)


def _checked(frame: int, total: int, text: str) -> int:
    if not 0 <= frame < total:
        raise ValueError(f"frames {text} are not in a motion of {total} frames, which are 0:{total}")
    return frame


def _in_words(row: Tensor) -> str:
    """What a frame keeps, or what it lacks where that is shorter."""
    if not row.any():
        return "nothing"
    kept, lacking = _names_for(row), _names_for(~row)
    return ", ".join(kept) if len(kept) <= len(lacking) + 1 else f"everything but {', '.join(lacking)}"


def _names_for(row: Tensor) -> list[str]:
    """The fewest names whose columns these are: the largest groups first."""
    left, names = {COLUMNS[column] for column in row.nonzero()[:, 0].tolist()}, []
    for name in (*GROUPS, *COLUMNS):
        columns = set(GROUPS.get(name, (name,)))
        if columns <= left:
            names.append(name)
            left -= columns
    return names
