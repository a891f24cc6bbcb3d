"""A person in front of the page: Chromium draws, selenium clicks. Run alone with `pytest -m browser`."""

import io
import shutil
import subprocess
import time
from pathlib import Path

import numpy as np
import pytest

webdriver = pytest.importorskip("selenium.webdriver", reason="pip install selenium to drive a browser")

from selenium.webdriver.chrome.service import Service  # noqa: E402
from selenium.webdriver.common.by import By  # noqa: E402
from selenium.webdriver.support.ui import WebDriverWait  # noqa: E402

from vimo_pipeline.video.reader import ffmpeg_binary  # noqa: E402

EXAMPLE = Path(__file__).parents[2] / "examples" / "example.mp4"
CHROMIUM, DRIVER = shutil.which("chromium"), shutil.which("chromedriver")

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(not (CHROMIUM and DRIVER), reason="chromium and chromedriver are not installed"),
    pytest.mark.skipif(not EXAMPLE.is_file(), reason="examples/example.mp4 is missing"),
]

FLAGS = (
    "--headless --no-sandbox --disable-quic --no-first-run --disable-background-networking --disable-sync "
    "--disable-component-update --use-gl=angle --use-angle=swiftshader --enable-unsafe-swiftshader"
)
STAGE = "document.querySelector('.vimo-viewer').shadowRoot"
PATIENCE = 180  # seconds, on a busy machine without a GPU


@pytest.fixture(scope="module")
def address(untrained_pipe):
    from vimo_pipeline.ui.app import build_app, page_options

    app = build_app(untrained_pipe)
    _, url, _ = app.launch(**page_options(), prevent_thread_lock=True, server_name="127.0.0.1", quiet=True)
    yield url
    app.close()


@pytest.fixture(scope="module")
def clip(tmp_path_factory):
    """One second of the example."""
    path = tmp_path_factory.mktemp("clip") / "clip.mp4"
    cut = [ffmpeg_binary(), "-v", "error", "-i", EXAMPLE, "-t", "1", "-c", "copy", path]
    subprocess.run(cut, check=True)
    return path


@pytest.fixture(params=[(1280, 900), (390, 844)], ids=["desktop", "phone"])
def page(address, request, tmp_path):
    options = webdriver.ChromeOptions()
    options.binary_location = CHROMIUM
    width, height = request.param
    for flag in (*FLAGS.split(), f"--user-data-dir={tmp_path}", f"--window-size={width},{height}"):
        options.add_argument(flag)
    driver = webdriver.Chrome(options=options, service=Service(DRIVER))
    screen = {"width": width, "height": height, "deviceScaleFactor": 1, "mobile": width < 600}
    driver.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", screen)
    driver.get(address)
    _until(driver, lambda: _time(driver) > 0)  # the greeting plays
    yield driver
    driver.quit()


def test_a_video_becomes_a_motion_that_plays_pauses_and_scrubs(page, clip):
    _upload(page, clip)
    _until(page, lambda: page.find_elements(By.CSS_SELECTOR, "#preview video"))
    assert page.execute_script("return document.documentElement.scrollWidth <= innerWidth"), "it fits"

    playing = _picture(page)
    time.sleep(1)
    assert _differ(playing, _picture(page)), "it plays"
    page.execute_script(f"{STAGE}.querySelector('.vv-play').click()")
    still = _picture(page)
    time.sleep(1)
    assert not _differ(still, _picture(page)), "it pauses"
    _scrub(page, 0.7)
    assert _differ(still, _picture(page)), "it scrubs"
    page.execute_script(f"{STAGE}.querySelector('.vv-mode[value=bones]').click()")
    _scrub(page, 0.7)
    for kind in ("glb", "bvh", "npz", "mp4"):
        assert page.find_element(By.ID, f"download-{kind}").is_displayed()


def test_a_text_file_is_refused_in_words(page, tmp_path):
    (tmp_path / "note.mp4").write_text("not a video")
    _upload(page, tmp_path / "note.mp4")
    _until(page, lambda: "note.mp4" in _toasts(page))


def test_a_broken_glb_shows_a_sentence(page):
    page.execute_script(f"{STAGE}.host.viewer.show(['data:,junk'])")
    _until(page, lambda: "cannot be shown" in page.execute_script(f"return {STAGE}.textContent"))


def _upload(page, path):
    page.find_element(By.CSS_SELECTOR, "#video input[type=file]").send_keys(str(path))
    _until(page, lambda: page.find_elements(By.CSS_SELECTOR, "#video video"))
    page.execute_script("document.getElementById('run').click()")


def _until(page, condition):
    WebDriverWait(page, PATIENCE, poll_frequency=0.3).until(lambda _: condition())


def _time(page):
    started = page.execute_script(f"return !!document.querySelector('.vimo-viewer') && !!{STAGE}")
    return float(page.execute_script(f"return {STAGE}.querySelector('.vv-slider').value")) if started else 0.0


def _scrub(page, share):
    slider = f"const slider = {STAGE}.querySelector('.vv-slider'); slider.value = {share};"
    page.execute_script(slider + "slider.dispatchEvent(new Event('input'))")
    time.sleep(1)


def _picture(page):
    """What the stage shows, as pixels."""
    from PIL import Image

    stage = page.execute_script(f"return {STAGE}.querySelector('.vv-picture')")
    return np.asarray(Image.open(io.BytesIO(stage.screenshot_as_png)).convert("L"), dtype=float)


def _differ(a, b):
    return np.mean(np.abs(a - b) > 12) > 0.002


def _toasts(page):
    return " ".join(toast.text for toast in page.find_elements(By.CSS_SELECTOR, "[data-testid=toast-text]"))
