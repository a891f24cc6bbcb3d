from inspect import signature

import gradio as gr
import pytest

from vimo_pipeline import ViMoPipeline
from vimo_pipeline.pipelines.completing.calm import BRIDGED, LEARNED
from vimo_pipeline.ui.app import build_app

from ..pipelines.conftest import tiny_interpolator


@pytest.fixture(scope="module")
def app(untrained_pipe):
    return build_app(untrained_pipe)


PARAMETERS = {
    "capture": [
        "video", "keypoints", "start", "stop", "person", "hypotheses", "guidance_scale",
        "num_inference_steps", "seed",
    ],
    "complete": [
        "motion", "mode", "keep", "parts", "second", "overlap", "video", "guide_start", "calming",
        "hypotheses", "guidance_scale", "num_inference_steps", "seed",
    ],
    "stylise": [
        "motion", "style", "video", "strength", "cutoff", "hypotheses", "guidance_scale",
        "num_inference_steps", "seed",
    ],
    "batch": ["clips", "hypotheses", "guidance_scale", "num_inference_steps", "seed"],
}  # fmt: skip


def test_the_public_endpoints_are_these(app):
    assert {name.strip("/") for name in app.get_api_info()["named_endpoints"]} == set(PARAMETERS)


@pytest.mark.parametrize("name", PARAMETERS)
def test_an_endpoint_has_good_names_and_describes_them_all(app, name):
    parameters = app.get_api_info()["named_endpoints"][f"/{name}"]["parameters"]
    assert [parameter["parameter_name"] for parameter in parameters] == PARAMETERS[name]
    (function,) = [fn for fn in app.fns.values() if fn.api_name == name]
    assert all(f"{parameter}: " in function.fn.__doc__ for parameter in PARAMETERS[name])


def test_the_page_is_described_by_plain_values(app):
    """gradio copies the description for every visitor, and what is not plain cannot be copied."""
    import json

    json.dumps(app.get_config_file())


def test_every_control_says_what_it_does(app):
    kinds = gr.Slider | gr.Number | gr.Radio | gr.CheckboxGroup | gr.Checkbox | gr.Dropdown
    controls = [block for block in app.blocks.values() if isinstance(block, kinds)]
    assert len(controls) >= 25
    for control in controls:
        assert control.label and control.info and control.info.endswith("."), control.label


def test_every_upload_says_what_to_bring(app):
    uploads = [block for block in app.blocks.values() if isinstance(block, gr.File | gr.Video)]
    asked = [block for block in uploads if block.interactive is not False and block.elem_id != "preview"]
    assert len(asked) >= 8
    for block in asked:
        around = block.parent.children
        said = around[around.index(block) + 1]
        assert "vimo-help" in said.elem_classes and said.value.endswith("."), block.label


def test_the_page_suggests_what_the_pipeline_does_by_itself(app, untrained_pipe):
    wanted = signature(untrained_pipe.__call__).parameters
    (function,) = [fn for fn in app.fns.values() if fn.api_name == "capture"]
    shown = {block.label: block.value for block in function.inputs}
    assert shown["Guidance scale"] == wanted["guidance_scale"].default
    assert shown["Steps"] == wanted["num_inference_steps"].default


def test_the_page_suggests_how_calm_its_pipeline_is(app, untrained_pipe):
    parts = untrained_pipe.components | {"interpolator": tiny_interpolator()}
    for page, usual in ((app, BRIDGED), (build_app(ViMoPipeline(**parts)), LEARNED), (build_app(), LEARNED)):
        (calm,) = [block for block in page.blocks.values() if getattr(block, "elem_id", None) == "calming"]
        (endpoint,) = [fn for fn in page.fns.values() if fn.api_name == "complete"]
        assert calm.value == usual
        assert signature(endpoint.fn).parameters["calming"].default == usual


def test_the_queue_and_the_clean_up_are_bounded(app):
    assert app.delete_cache and app._queue.max_size
