"""Gradio components of our own, with their scripts."""
