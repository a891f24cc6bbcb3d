"""Receive a live motion, as Blender, Unity or an avatar program would, and say what the head does.

    python examples/receive_stream.py                                  # waits for frames on VMC's port
    vimo stream --camera 0 --osc 127.0.0.1                             # in another terminal

Every frame comes as OSC messages (docs/live.md): `/VMC/Ext/Bone/Pos` with a bone's name, its place and its
rotation relative to its parent, left-handed, and `/VMC/Ext/T` with the time.
"""

import sys

from pythonosc.dispatcher import Dispatcher
from pythonosc.osc_server import BlockingOSCUDPServer

from vimo_pipeline.export.vmc import PORT


class Avatar:
    """The newest place and rotation of every bone."""

    def __init__(self) -> None:
        self.seconds = 0.0
        self.bones: dict[str, list[float]] = {}  # name: x, y, z, then qx, qy, qz, qw

    def on_time(self, address: str, seconds: float) -> None:
        """A new frame begins."""
        self.seconds = seconds

    def on_bone(self, address: str, name: str, *numbers: float) -> None:
        """Where one bone is."""
        self.bones[name] = list(numbers)

    def right_handed(self, name: str) -> tuple[float, ...]:
        """A rotation in the axes of our own files, y up and +x to the left: x, y, z, w."""
        x, y, z, w = self.bones[name][3:]
        return x, -y, -z, w


def main(port: int = PORT, packets: int | None = None) -> Avatar:
    """Listen, for ever or for so many packets; two make a frame."""
    avatar = Avatar()
    dispatcher = Dispatcher()
    dispatcher.map("/VMC/Ext/T", avatar.on_time)
    dispatcher.map("/VMC/Ext/Bone/Pos", avatar.on_bone)
    with BlockingOSCUDPServer(("127.0.0.1", port), dispatcher) as server:
        print(f"listening on {server.server_address[0]}:{server.server_address[1]}", flush=True)
        received = 0
        while packets is None or received < packets:
            server.handle_request()
            received += 1
            if received % 60 == 0 or received == packets:
                x, y, z = avatar.bones["Hips"][:3]
                print(f"{avatar.seconds:6.2f} s  hips at {x:5.2f} {y:5.2f} {z:5.2f} m", flush=True)
    return avatar


if __name__ == "__main__":
    main(*(int(word) for word in sys.argv[1:]))
