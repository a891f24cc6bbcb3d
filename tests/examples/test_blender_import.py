"""Blender opens what we write: joints are where they were, in its own axes, frame by frame.

Runs where Blender is: as `blender` in PATH, as the module bpy, or as the module of the Python that
VIMO_BLENDER_PYTHON names.
"""

import importlib.util
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from vimo_pipeline import save_motion
from vimo_pipeline.motion import JOINT_NAMES

from ..data.conftest import swinging

SCRIPT = Path(__file__).parents[2] / "examples" / "blender_import.py"
FRAMES = (0, 1, 30, 59)

ASKING = f"""
import json, runpy, sys, bpy
bpy.ops.wm.read_factory_settings(use_empty=True)
runpy.run_path({str(SCRIPT)!r}, run_name="__main__")
rig = next(each for each in bpy.data.objects if each.type == "ARMATURE")
scene, heads = bpy.context.scene, []
for frame in {FRAMES}:
    scene.frame_set(scene.frame_start + frame)
    heads.append([list(rig.matrix_world @ rig.pose.bones[name].head) for name in {JOINT_NAMES}])
answer = {{"heads": heads, "range": [scene.frame_start, scene.frame_end], "fps": scene.render.fps}}
open(sys.argv[-1] + ".json", "w", encoding="utf-8").write(json.dumps(answer))
"""


def blender(script: Path) -> list[str | Path]:
    """How Blender runs a script here."""
    python = os.environ.get(
        "VIMO_BLENDER_PYTHON", sys.executable if importlib.util.find_spec("bpy") else None
    )
    if python:
        return [python, script]
    program = shutil.which("blender")
    return [program, "--background", "--python", script] if program else pytest.skip("Blender is not here")


@pytest.mark.slow
@pytest.mark.parametrize(("suffix", "first"), [("glb", 0), ("bvh", 1)])
def test_joints_stay_where_they_were(tmp_path, suffix, first):
    motion = swinging(60, seed=2)
    path, script = tmp_path / f"swing.{suffix}", tmp_path / "ask.py"
    save_motion(motion, path)
    script.write_text(ASKING, encoding="utf-8")
    subprocess.run([*blender(script), "--", path], check=True, timeout=300)
    answer = json.loads(path.with_name(path.name + ".json").read_text(encoding="utf-8"))
    assert answer["range"] == [first, first + 59] and answer["fps"] == 30
    x, y, z = np.moveaxis(motion.joints().numpy()[list(FRAMES)], -1, 0)
    expected = np.stack([x, -z, y], -1)  # Blender's z is up, its -y is the front
    np.testing.assert_allclose(answer["heads"], expected, atol=1e-3)
