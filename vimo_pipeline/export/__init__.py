"""Files out, and motions back in: BVH, GLB, NPZ in AMASS layout, AIST++ pickles; and a preview video."""

from .aistpp import read_aistpp, write_aistpp
from .amass import read_amass, write_amass
from .bvh import read_bvh, write_bvh
from .files import load_motion, save_motion
from .glb import read_glb, write_glb
from .preview import write_preview

__all__ = [
    "load_motion",
    "read_aistpp",
    "read_amass",
    "read_bvh",
    "read_glb",
    "save_motion",
    "write_aistpp",
    "write_amass",
    "write_bvh",
    "write_glb",
    "write_preview",
]
