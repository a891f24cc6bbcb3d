"""Where motions come from: AIST++, AMASS, BVH folders and files of our own. Each source lists recordings."""

from .aist import AistSplit, list_aist
from .amass import list_amass
from .bvh import list_bvh
from .own import list_own

__all__ = ["AistSplit", "list_aist", "list_amass", "list_bvh", "list_own"]
