import gradio as gr
import pytest

from vimo_pipeline.ui.app import build_app


@pytest.fixture(scope="module")
def app(untrained_pipe):
    return build_app(untrained_pipe)


def test_one_endpoint_is_public_and_described(app):
    (endpoint,) = app.get_api_info()["named_endpoints"].values()
    assert list(app.get_api_info()["named_endpoints"]) == ["/capture"]
    names = [parameter["parameter_name"] for parameter in endpoint["parameters"]]
    assert names == ["video", "hypotheses", "guidance_scale", "num_inference_steps", "seed"]
    (function,) = [fn for fn in app.fns.values() if fn.api_name == "capture"]
    assert function.fn.__doc__.startswith("Turn a video of a person into")


def test_every_control_says_what_it_does(app):
    controls = [block for block in app.blocks.values() if isinstance(block, gr.Slider | gr.Number)]
    assert len(controls) == 4
    assert all(control.label and control.info.endswith(".") for control in controls)


def test_the_page_suggests_what_the_pipeline_does_by_itself(app, untrained_pipe):
    from inspect import signature

    wanted = signature(untrained_pipe.__call__).parameters
    shown = {block.label: block.value for block in app.blocks.values() if isinstance(block, gr.Slider)}
    assert shown["Guidance scale"] == wanted["guidance_scale"].default
    assert shown["Steps"] == wanted["num_inference_steps"].default


def test_the_queue_and_the_clean_up_are_bounded(app):
    assert app.delete_cache and app._queue.max_size
