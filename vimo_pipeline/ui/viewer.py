"""`MotionViewer`: animated GLB files side by side on a timeline. Its other half is the folder viewer/."""

import hashlib
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import gradio as gr
from gradio.data_classes import FileData, ListFiles

BUNDLE = Path(__file__).parent / "viewer.bundle.js"
SHOWN = (".glb", ".mp4")

_ON_LOAD = """
const place = element.querySelector(".vimo-viewer");
import(new URL(props.bundle, document.baseURI)).then(({ mount }) => {
  const viewer = (place.viewer = mount(place));
  const show = () => viewer.show((props.value || []).map((file) => file.url), props);
  watch("value", show);
  show();
}).catch((error) => (place.textContent = `The viewer could not start: ${error.message}. Reload the page.`));
"""


class MotionViewer(gr.HTML):
    """Shows GLB files, one figure each; an MP4 among them is the preview whose film plays along.

    The value is a list of paths; None empties the stage.
    """

    data_model = ListFiles

    def __init__(
        self,
        value: Sequence[str | Path] | None = None,
        *,
        labels: Sequence[str] = (),
        hint: str = "",
        **options: Any,
    ):
        """labels: what figures are called, unless they are hypotheses; hint: a sentence on an empty stage.

        options: as for `gr.HTML`.
        """
        gr.set_static_paths([BUNDLE])
        options.setdefault("apply_default_css", False)
        options.setdefault("html_template", '<div class="vimo-viewer"></div>')
        options.setdefault("js_on_load", _ON_LOAD)
        super().__init__(value, bundle=_bundle_url(), labels=list(labels), hint=hint, **options)

    def preprocess(self, payload: ListFiles | None) -> list[str]:
        """The files on the stage, as paths."""
        return [file.path for file in payload or ()]

    def postprocess(self, value: Sequence[str | Path] | None) -> ListFiles:
        """Paths -> what the page loads."""
        paths = [Path(path) for path in value or ()]
        for path in paths:
            if path.suffix.lower() not in SHOWN or not path.is_file():
                raise ValueError(f"the viewer shows existing {' and '.join(SHOWN)} files, got {path}")
        return ListFiles(root=[FileData(path=str(path), orig_name=path.name) for path in paths])

    def api_info(self) -> dict[str, Any]:
        """A list of files, where `gr.HTML` would say text."""
        return self.data_model.model_json_schema()

    def example_payload(self) -> list:
        """An empty stage."""
        return []

    def example_value(self) -> list:
        """An empty stage."""
        return []


def _bundle_url() -> str:
    """Relative, so that the app works below a path; with a fingerprint, so that no stale copy is kept."""
    fingerprint = hashlib.sha256(BUNDLE.read_bytes()).hexdigest()[:12]
    return f"gradio_api/file={BUNDLE.resolve().as_posix()}?v={fingerprint}"
