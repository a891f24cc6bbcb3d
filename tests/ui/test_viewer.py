import gradio as gr
import pytest

from vimo_pipeline.ui.components.viewer import BUNDLE, MotionViewer

SOURCES = BUNDLE.parent / "viewer" / "src"


@pytest.fixture
def glb(tmp_path):
    path = tmp_path / "a.glb"
    path.write_bytes(b"glTF")
    return path


def test_paths_go_out_as_files_and_come_back_as_paths(glb):
    viewer = MotionViewer()
    shown = viewer.postprocess([glb, str(glb)])
    assert [file.orig_name for file in shown] == ["a.glb", "a.glb"]
    assert viewer.preprocess(shown) == [str(glb), str(glb)]


def test_the_film_beside_the_figures_is_cut_from_the_preview_where_the_preview_ends():
    from vimo_pipeline.export.preview import FIGURE_WIDTHS

    widths = ", ".join(map(str, FIGURE_WIDTHS))
    assert f"const FIGURE_WIDTHS = [{widths}];" in (SOURCES / "companion.js").read_text()


def test_a_labelled_file_goes_out_under_its_label(glb):
    (file,) = MotionViewer(named=True).postprocess([(glb, "Result 1")])
    assert file.orig_name == "Result 1.glb" and file.path == str(glb)


def test_nothing_is_an_empty_stage():
    assert MotionViewer().postprocess(None).root == []


def test_what_is_no_glb_is_refused(tmp_path):
    (tmp_path / "a.txt").touch()
    for path in (tmp_path / "a.txt", tmp_path / "missing.glb"):
        with pytest.raises(ValueError, match=r"existing \.glb and \.mp4"):
            MotionViewer().postprocess([path])


def test_the_bundle_is_small_and_only_it_becomes_public():
    from gradio.utils import is_static_file

    MotionViewer()
    assert 100_000 < BUNDLE.stat().st_size < 750_000
    assert is_static_file(gr.FileData(path=str(BUNDLE)))
    assert not is_static_file(gr.FileData(path=str(BUNDLE.with_name("app.py"))))


def test_the_bundle_holds_every_word_of_the_sources():
    """A source changed without `make viewer` shows here."""
    import re

    bundle = BUNDLE.read_text()
    for source in SOURCES.glob("*.js"):
        words = re.findall(r'"([A-Za-z][A-Za-z .,()-]{12,})"', source.read_text())
        assert all(word in bundle for word in words if not word.startswith("three")), source.name
