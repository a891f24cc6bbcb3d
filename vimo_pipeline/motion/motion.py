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
        if not frames:
            raise ValueError("a motion needs at least one frame, got none")
        if (self.rotations.norm(dim=-1) < 1e-6).any():
            raise ValueError("rotations holds a zero quaternion, which is no rotation; rest is 0, 0, 0, 1")
        _check_fps(self.fps)

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
        """The same motion at another frame rate; frame k lies at k / fps seconds, as in its video.

        Slerp for rotations, linear for the root, the nearest frame for contacts.
        """
        _check_fps(fps)
        if fps == self.fps:
            return self
        last = len(self) - 1
        count = int(last * fps / self.fps + 1e-6) + 1
        time = (torch.arange(count).double() * (self.fps / fps)).clamp(max=last)  # in frames of this motion
        left = time.long()
        right = (left + 1).clamp(max=last)
        part = (time - left).to(self.root)[:, None]
        return Motion(
            slerp(self.rotations[left], self.rotations[right], part),
            torch.lerp(self.root[left], self.root[right], part),
            self.contacts[time.round().long()],
            fps,
        )


def _check_fps(fps: float) -> None:
    if not 0 < fps < float("inf"):
        raise ValueError(f"fps must be a positive number, got {fps}")


def _check_shape(name: str, tensor: Tensor, shape: tuple[int, ...]) -> None:
    if tuple(tensor.shape) != shape:
        wanted = "[T, " + ", ".join(map(str, shape[1:])) + "]"
        raise ValueError(f"{name} must be {wanted} with T = {shape[0]}, got {list(tensor.shape)}")
    if not torch.isfinite(tensor).all():
        raise ValueError(f"{name} holds NaN or infinity; every number of a motion must be finite")
