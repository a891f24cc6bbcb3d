"""Model cards, made of what was measured and of the runs."""
