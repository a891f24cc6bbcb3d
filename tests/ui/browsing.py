"""A person in front of the page: what they click, wait for and see. Who imports it skips without selenium."""

import base64
import io
import shutil
import time
from pathlib import Path
from typing import Self

import numpy as np
import pytest
from numpy import ndarray

pytest.importorskip("selenium.webdriver", reason="pip install selenium to drive a browser")

from selenium.webdriver import Chrome, ChromeOptions
from selenium.webdriver.chrome.service import Service
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys
from selenium.webdriver.support.ui import WebDriverWait

EXAMPLE = Path(__file__).parents[2] / "examples" / "example.mp4"
CHROMIUM, DRIVER = shutil.which("chromium"), shutil.which("chromedriver")
DESKTOP, PHONE = (1000, 760), (390, 844)

needs_chromium = pytest.mark.skipif(
    not (CHROMIUM and DRIVER), reason="chromium and chromedriver are not installed"
)
needs_example = pytest.mark.skipif(not EXAMPLE.is_file(), reason="examples/example.mp4 is missing")
slow = pytest.mark.slow
both_sizes = pytest.mark.parametrize(
    "page", [pytest.param(DESKTOP, id="desktop"), pytest.param(PHONE, id="phone", marks=slow)], indirect=True
)

FLAGS = (
    "--headless --no-sandbox --disable-quic --no-first-run --disable-background-networking --disable-sync "
    "--disable-component-update"
)
DRAWS = "--use-gl=angle --use-angle=swiftshader --enable-unsafe-swiftshader"
DRAWS_NOTHING = "--disable-gpu --disable-3d-apis"
FAKE_CAMERA = (
    "--use-fake-device-for-media-stream --use-fake-ui-for-media-stream --use-file-for-fake-video-capture"
)
PATIENCE = 240  # seconds, on a busy machine without a GPU


class Page:
    """The page in Chromium. viewer: id of the `MotionViewer` that is looked at."""

    def __init__(
        self,
        address: str,
        *,
        folder: Path,
        size: tuple[int, int] = DESKTOP,
        graphics: str = DRAWS,
        camera: Path | None = None,
    ):
        """camera: a film that plays over and over as the webcam, which the page is given without asking."""
        filming = f"{FAKE_CAMERA}={camera}" if camera else ""
        options = ChromeOptions()
        options.binary_location = CHROMIUM
        for flag in (
            *FLAGS.split(),
            *graphics.split(),
            f"--user-data-dir={folder / 'profile'}",
            "--window-size={},{}".format(*size),
            *filming.split(),
        ):
            options.add_argument(flag)
        self.driver = Chrome(options=options, service=Service(DRIVER))
        self.downloads = folder / "downloads"
        self.downloads.mkdir()
        self.width, height = size
        screen = {"width": self.width, "height": height, "deviceScaleFactor": 1, "mobile": self.width < 600}
        self.driver.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", screen)
        allow = {"behavior": "allow", "downloadPath": str(self.downloads)}
        self.driver.execute_cdp_cmd("Browser.setDownloadBehavior", allow)
        self.driver.set_script_timeout(PATIENCE)
        self.driver.execute_cdp_cmd("Page.addScriptToEvaluateOnNewDocument", {"source": _LISTEN})
        self.driver.get(address)
        self.viewer = "viewer"
        self.until(lambda: self.time() > 0 or graphics == DRAWS_NOTHING)  # the greeting plays

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *error: object) -> None:
        self.driver.quit()

    def until(self, condition) -> object:
        """Wait for something true."""
        return WebDriverWait(self.driver, PATIENCE, poll_frequency=0.3).until(lambda _: condition())

    def run(self, script: str) -> object:
        """Run JavaScript in which `stage` is the shadow root of the viewer."""
        stage = f"const stage = document.querySelector('#{self.viewer} .vimo-viewer')?.shadowRoot; "
        return self.driver.execute_script(stage + script)

    def open_tab(self, name: str, *, viewer: str = "") -> None:
        """Go to a tab and look at its viewer."""
        tabs = self.driver.find_elements(By.CSS_SELECTOR, "button[role=tab]")
        self.driver.execute_script("arguments[0].click()", next(tab for tab in tabs if name in tab.text))
        self.viewer = viewer or self.viewer

    def click(self, name: str) -> None:
        """Click on what has this id."""
        self.until(lambda: self.sees(name))
        self.run(f"document.getElementById('{name}').click()")

    def sees(self, name: str) -> bool:
        """Whether what has this id is seen."""
        return any(each.is_displayed() for each in self.driver.find_elements(By.ID, name))

    def upload(self, name: str, *paths: Path) -> None:
        """Choose files for what has this id."""
        field = self.driver.find_element(By.CSS_SELECTOR, f"#{name} input[type=file]")
        field.send_keys("\n".join(map(str, paths)))

    def write(self, selector: str, text: str) -> None:
        """Write into the first field that fits, in place of what stands there.

        A fold gives its fields their first values a while after it was opened: what is gone is written anew.
        """

        def stays() -> bool:
            field = self.driver.find_element(By.CSS_SELECTOR, selector)
            self.driver.execute_script("arguments[0].scrollIntoView({ block: 'center' })", field)
            field.click()
            field.send_keys(Keys.CONTROL, "a")
            field.send_keys(text, Keys.TAB)
            time.sleep(1)
            return field.get_attribute("value") == text

        self.until(stays)

    def download(self, button: str) -> Path:
        """Click on a download and wait for its file."""
        before = set(self.downloads.iterdir())
        self.click(button)

        def arrived() -> list[Path]:
            new = set(self.downloads.iterdir()) - before
            return [
                path for path in new if path.suffix not in (".crdownload", ".tmp") and path.stat().st_size
            ]

        return self.until(arrived)[0]

    def toasts(self) -> str:
        """What messages said since the page was opened: they go after a while, and a machine may be slow."""
        return " ".join(self.run("return window.said"))

    def time(self) -> float:
        """Where the slider of the viewer stands, in [0, 1]."""
        return float(self.run("return stage?.querySelector('.vv-slider')?.value ?? 0"))

    def labels(self) -> list[str]:
        """What the figures on the stage are called."""
        return self.run("return [...stage.querySelectorAll('.vv-chip')].map((chip) => chip.textContent)")

    def press(self, selector: str) -> None:
        """Click inside the viewer."""
        self.run(f"stage.querySelector('{selector}').click()")

    def pause(self) -> None:
        """Stop the motion where it is."""
        self.run("stage.host.viewer.clock.playing = false")

    def scrub(self, share: float) -> None:
        """Move the slider."""
        slider = f"const slider = stage.querySelector('.vv-slider'); slider.value = {share};"
        self.run(slider + "slider.dispatchEvent(new Event('input'))")

    def picture(self) -> ndarray:
        """What the stage shows, as grey pixels: read from its canvas, which costs a busy machine less."""
        from PIL import Image

        self.until(lambda: not self.run("return stage.host.viewer.moved"))  # what was asked for is posed
        drawn = self.run(
            "const { stage: room, canvas } = stage.host.viewer; room.stale = true; room.draw();"
            "return canvas.toDataURL('image/png')"
        )
        png = base64.b64decode(drawn.partition(",")[2])
        return np.asarray(Image.open(io.BytesIO(png)).convert("L"), dtype=float)

    def fits(self) -> bool:
        """Whether nothing sticks out on the right: a phone would lay out a wider page and shrink it."""
        return self.run("return document.documentElement.scrollWidth") <= self.width

    def contrast(self) -> float:
        """Of words on their ground, as WCAG 2.2 counts it: the least of labels and help that are seen."""
        return self.run(_CONTRAST)


_LISTEN = """
window.said = [];
const listen = () => document.querySelectorAll("[data-testid=toast-text]").forEach(({ textContent }) => {
  if (!window.said.includes(textContent)) window.said.push(textContent);
});
new MutationObserver(listen).observe(document, { childList: true, subtree: true, characterData: true });
"""
_CONTRAST = """
const light = (colour) => {
  const parts = colour.match(/[0-9.]+/g).slice(0, 3).map((part) => part / 255);
  const [r, g, b] = parts.map((c) => (c <= 0.03928 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4));
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
};
const ground = (node) => {
  for (; node; node = node.parentElement) {
    const colour = getComputedStyle(node).backgroundColor;
    if (!/, 0[)]|transparent/.test(colour)) return colour;
  }
  return "rgb(255, 255, 255)";
};
const words = [...document.querySelectorAll("[data-testid=block-info], .vimo-help, .vimo-summary, h1, p")];
const seen = words.filter((node) => node.offsetParent && node.textContent.trim());
const ratios = seen.map((node) => {
  const [a, b] = [light(getComputedStyle(node).color), light(ground(node))].sort((x, y) => y - x);
  return (a + 0.05) / (b + 0.05);
});
return Math.min(...ratios);
"""


def differ(one: ndarray, other: ndarray) -> bool:
    """Whether more than single pixels changed."""
    return one.shape != other.shape or bool(np.mean(np.abs(one - other) > 12) > 0.002)
