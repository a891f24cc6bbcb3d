"""Ways through the page beside the straight one: keys, keypoints, several people, guides, a second batch."""

from pathlib import Path

import pytest

from vimo_pipeline.export import load_motion
from vimo_pipeline.ui.endpoints.trimming import trimmed

from .browsing import DESKTOP, EXAMPLE, PHONE, Keys, Page, differ, needs_chromium, needs_example, slow
from .standing import save_alphapose, standing

FRAME = 1 / 30

pytestmark = [pytest.mark.browser, needs_chromium]


@pytest.fixture
def page(address, request, tmp_path):
    with Page(address, folder=tmp_path, size=getattr(request, "param", DESKTOP)) as page:
        page.pause()  # what is drawn in software leaves little to a busy machine
        yield page


@pytest.fixture
def seen(tmp_path):
    """Somebody in forty frames, as a keypoints file of our own."""
    standing(40, x=160).save(tmp_path / "seen.npz")
    return tmp_path / "seen.npz"


@pytest.fixture
def two(tmp_path):
    """Two people of whom the second is seen half as long, as AlphaPose tells of them."""
    save_alphapose(tmp_path / "two.json", standing(30, x=80), standing(15, x=260))
    return tmp_path / "two.json"


def clock(page: Page) -> float:
    return page.run("return stage.host.viewer.clock.time")


def type_keys(page: Page, *keys: str) -> None:
    """Press keys on the stage."""
    page.run("stage.querySelector('.vv-root').focus()")
    for key in keys:
        page.driver.switch_to.active_element.send_keys(key)


def capture_keypoints(page: Page, path: Path) -> None:
    page.upload("keypoints", path)
    page.until(lambda: path.stem in page.run("return document.getElementById('keypoints').textContent"))


def test_keys_play_and_step(page):
    type_keys(page, Keys.HOME)
    assert clock(page) == 0
    first = page.picture()
    type_keys(page, *[Keys.ARROW_RIGHT] * 9)
    assert clock(page) == pytest.approx(9 * FRAME) and differ(first, page.picture())
    type_keys(page, Keys.ARROW_LEFT, Keys.SHIFT + Keys.ARROW_RIGHT)
    assert clock(page) == pytest.approx(18 * FRAME)
    type_keys(page, Keys.SPACE)
    page.until(lambda: clock(page) > 20 * FRAME)
    type_keys(page, Keys.SPACE)
    assert not page.run("return stage.host.viewer.clock.playing")


@slow
def test_keypoints_are_trimmed_captured_and_sent_to_stylise(page, seen):
    page.run("for (const fold of document.querySelectorAll('button.label-wrap')) fold.click()")
    capture_keypoints(page, seen)
    page.write("#stop input", "1")
    assert not page.sees("person"), "one person is nothing to choose from"
    page.click("run")
    page.until(lambda: page.sees("download-npz"))
    assert len(load_motion(page.download("download-npz"))) == 30
    page.click("send-stylise")
    page.viewer = "stylise-viewer"
    page.until(lambda: page.run("return stage?.host.viewer?.lineup.figures.length") == 1)


@slow
def test_where_several_are_seen_one_is_asked_for(page, two):
    page.run("for (const fold of document.querySelectorAll('button.label-wrap')) fold.click()")
    capture_keypoints(page, two)
    page.until(lambda: page.sees("person"))
    page.run("document.querySelector('#person input').focus()")
    options = "return [...document.querySelectorAll('[role=listbox] [role=option]')]"
    page.until(lambda: "Person 2: 0.5 s" in page.run(f"{options}.map((each) => each.textContent).join()"))
    press = "new MouseEvent('mousedown', { bubbles: true, cancelable: true })"
    page.run(f"{options}[1].dispatchEvent({press})")
    page.until(lambda: "Person 2" in page.run("return document.querySelector('#person input').value"))
    page.click("run")
    page.until(lambda: page.sees("download-npz"))
    assert "Nobody was seen" in page.run("return document.body.innerText"), "the second goes half-way"


@slow
@needs_example
def test_a_film_guides_what_is_imagined(page, long_wave, tmp_path):
    guide = trimmed(EXAMPLE, tmp_path, stop=0.6)
    page.open_tab("Complete", viewer="complete-viewer")
    page.upload("motion", long_wave)
    page.until(lambda: page.run("return document.querySelector('.vt-text')?.value") == "0:20,40:60")
    page.run("for (const fold of document.querySelectorAll('button.label-wrap')) fold.click()")
    page.upload("guide", guide)
    page.until(lambda: page.run("return !!document.querySelector('#guide video')"))
    page.write("#guide-start input", "20")
    page.click("complete-run")
    page.until(lambda: page.sees("complete-npz") and page.labels() == ["Before", "Result 1"])
    assert len(load_motion(page.download("complete-npz"))) == 60 and page.toasts() == ""


@slow
def test_one_motion_leads_into_another(page, long_wave):
    page.open_tab("Complete", viewer="complete-viewer")
    page.upload("motion", long_wave)
    page.until(lambda: page.run("return stage?.host.viewer?.lineup.figures.length") == 1)
    page.run("[...document.querySelectorAll('#mode input')].find((each) => each.value === 'Blend').click()")
    page.until(lambda: page.sees("second"))
    page.upload("second", long_wave)
    page.until(lambda: "wave" in page.run("return document.getElementById('second').textContent"))
    page.click("complete-run")
    page.until(lambda: page.sees("complete-bvh"))
    assert len(load_motion(page.download("complete-bvh"))) == 60 + 60 - 30


def told(page: Page) -> str:
    """What the table of the batch says."""
    return page.run("return document.getElementById('batch-table').textContent")


@slow
def test_a_batch_that_is_started_again_works_on_the_missing_clips_alone(page, seen, tmp_path):
    other = tmp_path / "other.npz"
    standing(20, x=120).save(other)
    page.open_tab("Batch")
    page.upload("clips", seen)
    page.until(lambda: "seen" in page.run("return document.getElementById('clips').textContent"))
    page.click("batch-run")
    page.until(lambda: page.sees("batch-zip") and "seen.npz" in told(page))
    page.upload("clips", other)
    page.until(lambda: page.run("return document.querySelectorAll('#clips tr.file').length") == 2)
    page.click("batch-run")
    page.until(lambda: "was done before" in told(page) and "other.npz" in told(page))  # row after row
    assert told(page).count("was done before") < told(page).count("done")


@slow
@pytest.mark.parametrize("page", [PHONE], ids=["phone"], indirect=True)
@pytest.mark.parametrize("theme", ["light", "dark"])
def test_every_tab_fits_a_phone_by_day_and_by_night(page, theme):
    page.driver.get(f"{page.driver.current_url.partition('?')[0]}?__theme={theme}")
    page.until(lambda: page.time() > 0)
    assert page.run("return document.body.classList.contains('dark')") == (theme == "dark")
    tabs = page.run(
        "return [...document.querySelectorAll('button[role=tab]')].map((tab) => tab.textContent.trim())"
    )
    for name in dict.fromkeys(tabs):
        page.open_tab(name)
        page.run("for (const fold of document.querySelectorAll('button.label-wrap:not(.open)')) fold.click()")
        assert page.fits(), name
        assert page.contrast() >= 4.5, name
