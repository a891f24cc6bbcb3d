"""Files with which diffusers alone loads our pipelines from the Hub: each points to the installed package.

`DiffusionPipeline.from_pretrained` asks the repository for the module of every class that is not its own,
under its full name in the component's folder, and for the pipeline as `pipeline.py`. They lie on a branch of
their own: once a snapshot holds them, diffusers wants `trust_remote_code` from our own class as well.
"""

from pathlib import Path

from ..pipelines.hub import COMPONENTS

PIPELINES = {"pipeline": "ViMoPipeline", "completion": "ViMoCompletionPipeline"}  # custom_pipeline -> class


def remote_code() -> dict[str, str]:
    """Every such file by its path in the repository."""
    files = {f"{name}.py": f"from vimo_pipeline import {pipeline}\n" for name, pipeline in PIPELINES.items()}
    for name, (component, _) in COMPONENTS.items():
        module, named = component.__module__, component.__name__
        files[f"{name}/{module}.py"] = f"from {module} import {named}\n"
    return {path: f'"""Needs `pip install` of vimo_pipeline."""\n\n{line}' for path, line in files.items()}


def write_remote_code(folder: str | Path) -> None:
    """Write them into a folder."""
    for path, text in remote_code().items():
        target = Path(folder) / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(text, encoding="utf-8")
