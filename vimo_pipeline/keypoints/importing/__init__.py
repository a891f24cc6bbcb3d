"""Keypoints from files, of other programs too."""
