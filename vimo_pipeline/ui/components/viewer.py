"""`MotionViewer`: animated GLB files side by side on a timeline. Its other half is the folder viewer/."""

import hashlib
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import gradio as gr
from gradio.data_classes import FileData, ListFiles

BUNDLE = Path(__file__).parent / "viewer.bundle.js"
SUFFIXES = (".glb", ".mp4")
Shown = str | Path | tuple[str | Path, str]  # a file, or a file and its label

_ON_LOAD = """
const place = element.querySelector(".vimo-viewer");
import(new URL(props.bundle, document.baseURI)).then(({ mount }) => {
  const viewer = (place.viewer = mount(place));
  const label = (name, i) => (props.named ? name.replace(/[.]glb$/, "") : `Hypothesis ${i + 1}`);
  const shown = (file, i) => ({ url: file.url, label: label(file.orig_name, i) });
  const show = () => viewer.show((props.value || []).map(shown), props.hint);
  watch("value", show);
  show();
}).catch((error) => (place.textContent = `The viewer could not start: ${error.message}. Reload the page.`));
"""


class MotionViewer(gr.HTML):
    """Shows GLB files, one figure each; an MP4 among them is the preview whose film plays along.

    The value is a list of paths, or of (path, label) where the viewer is `named`; None empties the stage.
    """

    data_model = ListFiles

    def __init__(
        self,
        value: Sequence[Shown] | None = None,
        *,
        named: bool = False,
        hint: str = "",
        **options: Any,
    ):
        """named: figures have labels and are no hypotheses; hint: a sentence on an empty stage.

        options: as for `gr.HTML`.
        """
        gr.set_static_paths([BUNDLE])
        options.setdefault("apply_default_css", False)
        options.setdefault("html_template", '<div class="vimo-viewer"></div>')
        options.setdefault("js_on_load", _ON_LOAD)
        super().__init__(value, bundle=_bundle_url(), named=named, hint=hint, **options)

    def preprocess(self, payload: ListFiles | None) -> list[str]:
        """The files on the stage, as paths."""
        return [file.path for file in payload or ()]

    def postprocess(self, value: Sequence[Shown] | None) -> ListFiles:
        """Paths -> what the page loads."""
        return ListFiles(root=[_file(each) for each in value or ()])

    def api_info(self) -> dict[str, Any]:
        """A list of files, where `gr.HTML` would say text."""
        return self.data_model.model_json_schema()

    def example_payload(self) -> list:
        """An empty stage."""
        return []

    def example_value(self) -> list:
        """An empty stage."""
        return []


def _file(shown: Shown) -> FileData:
    path, label = shown if isinstance(shown, tuple) else (shown, None)
    path = Path(path)
    if path.suffix.lower() not in SUFFIXES or not path.is_file():
        raise ValueError(f"the viewer shows existing {' and '.join(SUFFIXES)} files, got {path}")
    return FileData(path=str(path), orig_name=f"{label}{path.suffix}" if label else path.name)


def _bundle_url() -> str:
    """Relative, so that the app works below a path; with a fingerprint, so that no stale copy is kept."""
    fingerprint = hashlib.sha256(BUNDLE.read_bytes()).hexdigest()[:12]
    return f"gradio_api/file={BUNDLE.resolve().as_posix()}?v={fingerprint}"
