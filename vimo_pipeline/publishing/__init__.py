"""What leaves for the Hugging Face Hub: weights with a card, files for diffusers, a page to try them on."""

from .push import Publication, prepare, publish

__all__ = ["Publication", "prepare", "publish"]
