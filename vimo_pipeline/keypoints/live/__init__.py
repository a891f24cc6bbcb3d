"""Keypoints while they come in."""
