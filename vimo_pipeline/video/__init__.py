"""Frames in and out."""

from .reader import VideoInfo, probe_video, read_frames

__all__ = ["VideoInfo", "probe_video", "read_frames"]
