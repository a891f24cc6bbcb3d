"""Figures in a card are those of the results file."""

import json
from pathlib import Path

import pytest
from huggingface_hub import ModelCardData

from vimo_pipeline.pipelines.cards.results import eval_results, read_results, whose_figures

MEASURED = Path(__file__).parents[3] / "docs" / "results.json"


def table(title: str, value: float, **more) -> dict:
    """A table of benchmarks/accuracy.py with one row of ours and one to compare with."""
    columns = ("PA-MPJPE mm", "MPJPE mm", "root path mm", "foot skate m/s", "contact F1", "jitter m/s³")
    cells = dict.fromkeys(columns, (value, value - 1, value + 1))
    rows = {"mean pose": cells, "mediapipe's own 3D": cells, "a part": cells, "+ more: the default": cells}
    return {"title": title, "digits": dict.fromkeys(columns, 1), "rows": rows | more}


@pytest.fixture
def results(tmp_path):
    def write(*tables: dict) -> Path:
        path = tmp_path / "results.json"
        path.write_text(json.dumps({one["title"]: one for one in tables}))
        return path

    return write


def test_each_test_set_is_a_row_with_the_default_and_what_it_is_compared_with(results):
    shown = read_results(
        results(
            table("From pixels: a film", 12.345),
            table("out of domain, static clean", 6.25),
            table("Ideas: out of domain, static clean", 99),
        )
    )
    first, second = (one.markdown() for one in shown)
    assert "| a film | 12.3 [11.3, 13.3] | 12.3 [11.3, 13.3] | 12.3 [11.3, 13.3] |" in first
    assert "mediapipe's own 3D: PA-MPJPE mm" in first and "mean pose: PA-MPJPE mm" in second
    row = (
        "| out of domain, static clean | 6.2 [5.2, 7.2] | 6.2 [5.2, 7.2] | 6.2 | 6.2 | 6.2 | 6.2 [5.2, 7.2] |"
    )
    assert row in second and "99" not in first + second


def test_the_last_row_called_default_counts(results):
    later = {"PA-MPJPE mm": (1, 1, 1), "jitter m/s³": (2, 2, 2)}
    shown = read_results(results(table("From pixels: a film", 12, **{"and smoother: the default": later})))
    assert "| a film | 1.0 | 2.0 |" in shown[0].markdown()


def test_the_hub_gets_errors_of_joints(results):
    tables = read_results(results(table("From pixels: a film", 12), table("held-out CMU, static clean", 6)))
    listed = [(one.dataset_name, one.metric_type, one.metric_value) for one in eval_results(tables)]
    assert listed == [
        ("a film", "pa-mpjpe", 12),
        ("held-out CMU, static clean", "pa-mpjpe", 6),
        ("held-out CMU, static clean", "mpjpe", 6),
    ]
    assert "model-index" in ModelCardData(model_name="x", eval_results=eval_results(tables)).to_yaml()


def test_figures_say_whose_they_are(results):
    title, ours = "out of domain, static clean", "ab" * 32

    def said(**more) -> str:
        return whose_figures(read_results(results(table(title, 6) | more)), ours)

    assert said(weights=ours) == "Measured on these weights, SHA-256 abababababab."
    assert "**Measured on other weights**, SHA-256 cdcdcdcdcdcd; these are ababab" in said(weights="cd" * 32)
    assert said().startswith("Nobody noted")
    with pytest.raises(ValueError, match=r"results\.json"):
        said(weights="<script>")


@pytest.mark.parametrize("content", ["[]", "{}", '{"From pixels: x": {"rows": {"the default": {}}}}'])
def test_what_is_no_results_file_is_refused(tmp_path, content):
    (tmp_path / "results.json").write_text(content)
    with pytest.raises(ValueError, match=r"results\.json"):
        read_results(tmp_path / "results.json")


@pytest.mark.skipif(not MEASURED.is_file(), reason="docs/results.json is not here")
def test_what_was_measured_last_can_be_shown():
    pixels, virtual = read_results(MEASURED)
    assert len(pixels.rows) >= 1 and len(virtual.rows) == 6
    assert all(0 < row.cells["PA-MPJPE mm"][0] < row.reference[0] for row in pixels.rows + virtual.rows)
