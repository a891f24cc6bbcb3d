"""What people open in a browser: Gradio tabs, the timeline viewer, the theme."""

import os

# Read when gradio is imported, so it must come first. Whoever wants to be counted sets it to True.
os.environ.setdefault("GRADIO_ANALYTICS_ENABLED", "False")
