"""`Motion`: a body moving through time. Y up, metres, seconds, quaternions xyzw, facing +z at rest."""

from dataclasses import dataclass, replace

import torch
from torch import Tensor

from .contacts import foot_contacts
from .features import MotionFeatures, unpack_features
from .kinematics import forward_kinematics
from .rotations import (
    heading_angle,
    matrix_to_quaternion,
    quaternion_to_matrix,
    slerp,
    turn_about_y,
)
from .skeleton import CONTACT_JOINTS, NUM_JOINTS, mirror_permutation


@dataclass(frozen=True)
class Motion:
    """Rotations of the 24 SMPL joints, the path of the pelvis and foot contacts."""

    rotations: Tensor  # [T, 24, 4] each joint relative to its parent, xyzw
    root: Tensor  # [T, 3] pelvis joint in the world, metres
    contacts: Tensor  # [T, 4] in [0, 1]: left ankle, right ankle, left foot, right foot
    fps: float = 30.0

    def __post_init__(self) -> None:
        frames = len(self.rotations)
        _check_shape("rotations", self.rotations, (frames, NUM_JOINTS, 4))
        _check_shape("root", self.root, (frames, 3))
        _check_shape("contacts", self.contacts, (frames, len(CONTACT_JOINTS)))
        if not 0 < self.fps < float("inf"):
            raise ValueError(f"fps must be a positive number, got {self.fps}")

    @classmethod
    def from_rotations(cls, rotations: Tensor, root: Tensor, *, fps: float = 30.0) -> "Motion":
        """A motion whose contacts are read off its feet. rotations: [T, 24, 4] xyzw; root: [T, 3]."""
        joints = forward_kinematics(quaternion_to_matrix(rotations), root)
        return cls(rotations, root, foot_contacts(joints, fps=fps), fps)

    @classmethod
    def unpack(cls, features: Tensor, *, fps: float = 30.0) -> "Motion":
        """[T, 151] features -> motion; contacts are clipped to [0, 1]."""
        rotations, contacts, root = unpack_features(features)
        return cls(matrix_to_quaternion(rotations), root, contacts.clamp(0, 1), fps)

    def pack(self) -> Tensor:
        """The papers' features, [T, 151]."""
        return MotionFeatures(self.matrices(), self.contacts, self.root).pack()

    def __len__(self) -> int:
        return len(self.rotations)

    @property
    def seconds(self) -> float:
        """Length in seconds."""
        return len(self) / self.fps

    def matrices(self) -> Tensor:
        """Joint rotations as matrices, [T, 24, 3, 3]."""
        return quaternion_to_matrix(self.rotations)

    def joints(self) -> Tensor:
        """Joint positions in the world, metres, [T, 24, 3]."""
        return forward_kinematics(self.matrices(), self.root)

    def frames(self, start: int, stop: int) -> "Motion":
        """The frames start, ..., stop - 1."""
        part = slice(start, stop)
        return replace(
            self, rotations=self.rotations[part], root=self.root[part], contacts=self.contacts[part]
        )

    def mirror(self) -> "Motion":
        """Left and right exchanged: the motion seen in a mirror that stands in the plane x = 0."""
        swap = mirror_permutation()
        rotations = self.rotations[:, swap] * self.rotations.new_tensor([1, -1, -1, 1])
        root = self.root * self.root.new_tensor([-1, 1, 1])
        return replace(self, rotations=rotations, root=root, contacts=self.contacts[:, [1, 0, 3, 2]])

    def turn(self, angle: float) -> "Motion":
        """The whole world turned about +y through the origin, angle in radians."""
        turning = turn_about_y(self.root.new_tensor(angle))
        pelvis = matrix_to_quaternion(turning @ self.matrices()[:, 0])
        rotations = torch.cat([pelvis[:, None], self.rotations[:, 1:]], 1)
        return replace(self, rotations=rotations, root=self.root @ turning.mT)

    def canonical(self) -> "Motion":
        """The same motion starting at x = z = 0 and facing +z."""
        heading = heading_angle(quaternion_to_matrix(self.rotations[0, 0]))
        start = self.root[0] * self.root.new_tensor([1, 0, 1])
        return replace(self, root=self.root - start).turn(-float(heading))

    def resample(self, fps: float) -> "Motion":
        """The same seconds at another frame rate: slerp for rotations, linear for the rest."""
        if fps == self.fps or len(self) < 2:
            return replace(self, fps=fps)
        last = len(self) - 1
        count = round(last * fps / self.fps) + 1
        time = torch.linspace(0, last, count, dtype=self.root.dtype, device=self.root.device)
        left = time.floor().long().clamp(max=last - 1)
        part = time - left
        return Motion(
            slerp(self.rotations[left], self.rotations[left + 1], part[:, None]),
            torch.lerp(self.root[left], self.root[left + 1], part[:, None]),
            torch.lerp(self.contacts[left], self.contacts[left + 1], part[:, None]).round(),
            fps,
        )


def _check_shape(name: str, tensor: Tensor, shape: tuple[int, ...]) -> None:
    if tuple(tensor.shape) != shape:
        wanted = "[T, " + ", ".join(map(str, shape[1:])) + "]"
        raise ValueError(f"{name} must be {wanted} with T = {shape[0]}, got {list(tensor.shape)}")
    if not torch.isfinite(tensor).all():
        raise ValueError(f"{name} holds NaN or infinity; every number of a motion must be finite")
