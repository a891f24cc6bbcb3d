import gradio as gr
import pytest

from vimo_pipeline.ui.running.serving import errors_for_people, on_gpu, served_folder


@pytest.mark.parametrize("kind", [ValueError, FileNotFoundError])
def test_a_refusal_becomes_a_message_that_names_the_file_and_not_the_folder(kind):
    with pytest.raises(gr.Error) as caught, errors_for_people("/tmp/gradio/abc/clip.mp4"):
        raise kind("/tmp/gradio/abc/clip.mp4 holds no frame")
    assert caught.value.message == "clip.mp4 holds no frame"


def test_html_in_a_message_is_shown_and_not_run():
    with pytest.raises(gr.Error) as caught, errors_for_people():
        raise ValueError("<img src=x onerror=alert(1)>.mp4 is no video")
    assert "<" not in caught.value.message


def test_the_insides_of_an_unforeseen_error_stay_in_the_log(caplog):
    with pytest.raises(gr.Error) as caught, errors_for_people():
        raise RuntimeError("secret")
    assert "secret" not in caught.value.message and "secret" in caplog.text


def test_a_served_folder_lies_in_the_cache_and_goes_when_its_block_fails(cache):
    with served_folder() as kept:
        (kept / "motion.glb").touch()
    with pytest.raises(ValueError), served_folder() as lost:
        (lost / "half.glb").touch()
        raise ValueError
    assert list(cache.iterdir()) == [kept] and not lost.exists()


def test_without_a_zero_gpu_the_function_is_untouched():
    def double(x):
        return 2 * x

    assert on_gpu(double)(2) == 4
