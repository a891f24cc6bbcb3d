"""Pose estimators, and how one is chosen."""
