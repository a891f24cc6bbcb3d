"""ViMo: a casual video in, several plausible, editable 3D motions out."""
