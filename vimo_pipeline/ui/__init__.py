"""What people open in a browser: Gradio tabs, the timeline viewer, the theme. Needs `pip install "gradio>=6.31,<7"`."""

import os

os.environ.setdefault("GRADIO_ANALYTICS_ENABLED", "False")  # before gradio is imported; who wants it says True
