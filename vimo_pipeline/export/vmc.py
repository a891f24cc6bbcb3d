"""Motion as it happens for programs that move avatars: the VMC protocol, OSC messages over UDP.

VMC speaks Unity's language: left-handed, y up, +x to the body's right, metres, quaternions xyzw, bones by the
names of Unity's HumanBodyBones, each relative to its parent in T-pose (protocol.vmc.info, "Marionette").
"""

from typing import Any, Self

from torch import Tensor

from ..motion import Motion
from ..motion.skeleton import JOINT_NAMES, rest_offsets

PORT = 39539  # where VMC's marionettes listen
_PACKET = 12  # bones in a datagram: it stays below a network's 1500 bytes
_PARTS = {
    "pelvis": "Hips", "spine1": "Spine", "spine2": "Chest", "spine3": "UpperChest", "neck": "Neck",
    "head": "Head", "hip": "UpperLeg", "knee": "LowerLeg", "ankle": "Foot", "foot": "Toes",
    "collar": "Shoulder", "shoulder": "UpperArm", "elbow": "LowerArm", "wrist": "Hand",
}  # fmt: skip


def bone_of(joint: str) -> str | None:
    """What Unity calls a joint; None for the ends of the hands, which it does not know."""
    side, _, part = joint.rpartition("_")
    name = _PARTS.get(part)
    return None if name is None else side.capitalize() + name


class VMCSender:
    """Sends frames of motion to whoever listens at host and port.

    with VMCSender("127.0.0.1") as sender:
        sender.send(motion, seconds=stream.seconds)
    """

    def __init__(self, host: str = "127.0.0.1", port: int = PORT) -> None:
        self._osc = _pythonosc()
        try:
            self._client = self._osc.udp_client.UDPClient(host, port)
        except (OSError, OverflowError) as error:
            raise ValueError(f"cannot send to {host}:{port}: {error}") from error

    def send(self, motion: Motion, *, seconds: float) -> None:
        """Send every frame; seconds: the time of the last one."""
        rotations, root = to_unity(motion.rotations), positions_to_unity(motion.root)
        offsets = positions_to_unity(rest_offsets())
        for frame in range(len(motion)):
            places = offsets.clone()
            places[0] = root[frame]
            time = seconds - (len(motion) - 1 - frame) / motion.fps
            self._send_frame(places, rotations[frame], time)

    def close(self) -> None:
        """Close the socket."""
        self._client.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *error: object) -> None:
        self.close()

    def _send_frame(self, places: Tensor, rotations: Tensor, seconds: float) -> None:
        bones = [
            ("/VMC/Ext/Bone/Pos", bone, *places[joint].tolist(), *rotations[joint].tolist())
            for joint, name in enumerate(JOINT_NAMES)
            if (bone := bone_of(name)) is not None
        ]
        start = [("/VMC/Ext/OK", 1), ("/VMC/Ext/T", seconds),
                 ("/VMC/Ext/Root/Pos", "root", 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 1.0)]  # fmt: skip
        self._bundle(start + bones[:_PACKET])
        self._bundle(bones[_PACKET:])

    def _bundle(self, messages: list[tuple]) -> None:
        builder = self._osc.osc_bundle_builder.OscBundleBuilder(self._osc.osc_bundle_builder.IMMEDIATELY)
        for address, *values in messages:
            message = self._osc.osc_message_builder.OscMessageBuilder(address)
            for value in values:
                message.add_arg(value)
            builder.add_content(message.build())
        self._client.send(builder.build())


def to_unity(rotations: Tensor) -> Tensor:
    """Quaternions xyzw in the mirror x = 0, as left-handed axes have them, [..., 4]."""
    return rotations * rotations.new_tensor([1, -1, -1, 1])


def positions_to_unity(points: Tensor) -> Tensor:
    """Points with x to the body's right, [..., 3]."""
    return points * points.new_tensor([-1, 1, 1])


def _pythonosc() -> Any:
    try:
        import pythonosc.osc_bundle_builder
        import pythonosc.osc_message_builder
        import pythonosc.udp_client
    except ImportError as missing:
        raise ImportError("sending motion needs python-osc: pip install 'vimo-pipeline[live]'") from missing
    return pythonosc
