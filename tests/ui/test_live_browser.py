"""The webcam as a person uses it: a film is the camera, somebody presses Record and watches."""

import subprocess

import numpy as np
import pytest
from imageio_ffmpeg import get_ffmpeg_exe

from vimo_pipeline.export import load_motion
from vimo_pipeline.ui.running.visitors import Visitors
from vimo_pipeline.ui.tabs import live_tab

from .browsing import DESKTOP, EXAMPLE, Page, both_sizes, differ, needs_chromium, needs_example, slow
from .served import served

# As small as pose estimation can do with: whoever runs this may have a machine without a graphics card.
AS_A_CAMERA = "-r 10 -vf scale=320:180,pad=320:240:0:30 -q:v 4 -c:v mjpeg -f mjpeg"
ASK, RECORD = "#{} [title='grant webcam access'] button", "#{} .capture-button"

pytestmark = [pytest.mark.browser, needs_chromium, needs_example]


@pytest.fixture(scope="module")
def camera(tmp_path_factory):
    path = tmp_path_factory.mktemp("camera") / "person.mjpeg"
    ffmpeg = [get_ffmpeg_exe(), "-v", "error", "-i", str(EXAMPLE), *AS_A_CAMERA.split(), str(path)]
    subprocess.run(ffmpeg, check=True)
    return path


@pytest.fixture(scope="module")
def live(untrained_pipe):
    """The page, where it is, and who is live on it."""
    from vimo_pipeline.ui.app import build_app

    everybody = []

    def visitors(get_pipe):
        everybody.append(Visitors(get_pipe))
        return everybody[0]

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(live_tab, "Visitors", visitors)
        app = build_app(untrained_pipe)
    with served(app) as address:
        yield app, address, everybody[0]


@pytest.fixture
def page(live, camera, request, tmp_path):
    size = getattr(request, "param", DESKTOP)
    with Page(live[1], folder=tmp_path, size=size, camera=camera) as page:
        yield page


@both_sizes
def test_the_figure_follows_the_webcam_and_what_it_did_can_be_kept(page):
    go_live(page)
    assert page.run("return stage.querySelector('.vv-root').classList.contains('vv-live')")
    assert page.fits()
    early = page.picture()
    page.until(lambda: differ(early, page.picture()))
    page.until(lambda: all(number(page, name) > 0 for name in ("delay", "most", "rate")))

    press(page, RECORD.format("camera"))  # stop
    page.until(lambda: page.sees("live-bvh"))
    page.until(lambda: page.time() > 0)  # what was recorded plays
    motion = load_motion(page.download("live-bvh"))
    assert 5 < len(motion) <= 1800 and np.isfinite(motion.root.numpy()).all()
    assert page.fits() and page.toasts() == ""


@slow
def test_a_recording_goes_on_to_complete_and_a_new_one_begins(page):
    go_live(page)
    press(page, RECORD.format("camera"))
    page.click("live-send-complete")
    page.viewer = "complete-viewer"
    page.until(lambda: page.time() > 0)
    page.open_tab("Live", viewer="live-viewer")
    press(page, RECORD.format("camera"))
    page.until(lambda: page.run("return !!stage.host.viewer.feed"))
    page.click("live-anew")
    page.until(lambda: not page.sees("live-bvh"))


@slow
def test_who_leaves_is_forgotten(live, page):
    _, _, visitors = live
    go_live(page)
    assert len(visitors) == 1
    page.driver.get("about:blank")
    page.until(lambda: len(visitors) == 0)


@slow
def test_a_turn_that_ends_goes_on_when_nobody_waits(live, page, monkeypatch):
    app, _, visitors = live
    (turn,) = [fn for fn in app.fns.values() if fn.connection == "stream"]
    monkeypatch.setattr(turn, "time_limit", 3)
    go_live(page)
    page.until(lambda: len(next(iter(visitors._here.values())).recording) > 30 * 12)
    assert page.run("return !!stage.host.viewer.feed") and not page.sees("live-bvh")


@slow
def test_without_a_camera_there_is_a_sentence(live, tmp_path):
    with Page(live[1], folder=tmp_path) as page:
        page.open_tab("Live", viewer="live-viewer")
        press(page, ASK.format("camera"))
        page.until(lambda: "There is no camera here" in said(page) or "camera was refused" in said(page))


@slow
def test_a_film_of_the_webcam_becomes_a_motion(page):
    page.pause()  # a machine without a graphics card has enough to do
    press(page, "#video button[aria-label='Capture from camera']")
    press(page, ASK.format("video"))
    press(page, RECORD.format("video"))
    page.until(lambda: page.run("return !!document.querySelector('#video [title=\"stop recording\"]')"))
    page.driver.execute_async_script("setTimeout(arguments[0], 1000)")
    press(page, RECORD.format("video"))
    page.until(lambda: page.run("return !!document.querySelector('#video video[src*=\"gradio_api/file\"]')"))
    page.click("run")
    page.until(lambda: page.sees("download-glb"))
    assert len(load_motion(page.download("download-npz"))) > 5 and page.toasts() == ""


def go_live(page: Page) -> None:
    """Give the page the camera, press Record and wait for the figure."""
    page.open_tab("Live", viewer="live-viewer")
    press(page, ASK.format("camera"))
    press(page, RECORD.format("camera"))
    page.until(lambda: page.run("return !!stage?.host.viewer?.feed"))


def press(page: Page, selector: str) -> None:
    """Click on what is first of its kind, once it is there."""
    page.until(lambda: page.run(f"return !!document.querySelector(`{selector}`)"))
    page.run(f"document.querySelector(`{selector}`).click()")


def number(page: Page, name: str) -> float:
    """A number of the read-out, 0 while there is none."""
    text = page.run(f"return document.querySelector('.vl-{name}').textContent").split()[0]
    return float(text) if text[0].isdigit() else 0.0


def said(page: Page) -> str:
    """The sentence below the numbers."""
    return page.run("return document.querySelector('.vl-said').textContent")
