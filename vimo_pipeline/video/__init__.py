"""Frames in and out."""

from .cuts import CutFinder, find_cuts
from .reader import VideoInfo, probe_video, read_frames
from .writer import write_video

__all__ = ["CutFinder", "VideoInfo", "find_cuts", "probe_video", "read_frames", "write_video"]
