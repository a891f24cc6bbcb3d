"""Which joint of a foreign skeleton stands for which SMPL joint."""

from collections.abc import Iterable, Sequence
from itertools import islice

from ..motion.skeleton import JOINT_NAMES
from .bvh_hierarchy import BvhJoint

REQUIRED = (
    "pelvis", "left_hip", "left_knee", "left_ankle", "left_shoulder", "left_elbow", "left_wrist",
    "right_hip", "right_knee", "right_ankle", "right_shoulder", "right_elbow", "right_wrist", "neck",
)  # fmt: skip
_SPINE = ("spine1", "spine2", "spine3")

# CMU's BVH files and MotionBuilder agree on these; their spines differ, and are found by where they are.
_MOTIONBUILDER = {"pelvis": "hips", "neck": "neck", "head": "head"} | {
    f"{side}_{ours}": side + theirs
    for side in ("left", "right")
    for ours, theirs in {
        "hip": "upleg", "knee": "leg", "ankle": "foot", "foot": "toebase", "collar": "shoulder",
        "shoulder": "arm", "elbow": "forearm", "wrist": "hand",
    }.items()
}  # fmt: skip
# CMU bends a hand at a second joint in the same place as the wrist.
_CMU = _MOTIONBUILDER | {f"{side}_wrist": f"{side}fingerbase" for side in ("left", "right")}
_SMPL = {name: name for name in JOINT_NAMES if name not in _SPINE}


def find_rig(joints: Sequence[BvhJoint], names: dict[str, str] | None = None) -> dict[str, int]:
    """For each SMPL joint that the rig has, its index in the file.

    names: SMPL joint -> joint of the rig. Without it the names of CMU and MotionBuilder are tried, with any
    prefix ("mixamorig:Hips"), and SMPL's own.
    """
    index = {joint.name: number for number, joint in reversed(list(enumerate(joints)))}
    if names is not None:
        return _with_spine(_by_map(index, names), joints)
    for convention in (_SMPL, _CMU, _MOTIONBUILDER):
        rig = _by_convention(index, convention)
        if all(name in rig for name in REQUIRED):
            return _with_spine(rig, joints)
    missing = [_MOTIONBUILDER[name] for name in REQUIRED if name not in rig]
    raise ValueError(
        "its joints are not named as by CMU or MotionBuilder, so give a map of names: "
        f"there is no {', '.join(missing)} among {_some(index)}"
    )


def _some(names: Iterable[str]) -> str:
    """Names for a message, which need not be long."""
    first = list(islice(names, 41))
    return ", ".join(first[:40]) + (" ..." if first[40:] else "")


def _by_map(index: dict[str, int], names: dict[str, str]) -> dict[str, int]:
    unknown = [name for name in names if name not in JOINT_NAMES]
    if unknown:
        raise ValueError(f"the map names {', '.join(unknown)}; SMPL's joints are {', '.join(JOINT_NAMES)}")
    missing = [name for name in REQUIRED if name not in names]
    if missing:
        raise ValueError(f"the map of names needs {', '.join(missing)}")
    absent = [theirs for theirs in names.values() if theirs.lower() not in index]
    if absent:
        raise ValueError(f"the skeleton has no {', '.join(absent)}; its joints are {_some(index)}")
    return {ours: index[theirs.lower()] for ours, theirs in names.items()}


def _by_convention(index: dict[str, int], convention: dict[str, str]) -> dict[str, int]:
    """The joints found by these names; whatever stands before the name of the pelvis may stand before all."""
    pelvis = convention["pelvis"]
    prefixes = [name.removesuffix(pelvis) for name in index if name.endswith(pelvis)]
    prefix = min(prefixes, key=len, default="")
    return {ours: index[prefix + theirs] for ours, theirs in convention.items() if prefix + theirs in index}


def _with_spine(rig: dict[str, int], joints: Sequence[BvhJoint]) -> dict[str, int]:
    """The rig with its lowest, middle and highest joint between pelvis and neck, unless they are given."""
    chain: list[int] = []
    joint = joints[rig["neck"]].parent
    while joint not in (rig["pelvis"], -1):
        chain.insert(0, joint)
        joint = joints[joint].parent
    if joint == -1:
        raise ValueError("its neck does not hang on its pelvis")
    spine = {"spine1": chain[0]} if chain else {}
    spine |= {"spine3": chain[-1]} if len(chain) > 1 else {}
    spine |= {"spine2": chain[len(chain) // 2]} if len(chain) > 2 else {}
    return spine | rig
