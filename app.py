"""The demo as a Space or `python app.py` starts it."""

from vimo_pipeline.ui.app import launch

if __name__ == "__main__":
    launch()
