"""The page as a person uses it: Chromium draws, selenium clicks. Run alone with `make test-browser`.

The tests that are marked slow as well are left out of `make test`.
"""

import time
import zipfile
from pathlib import Path

import pytest

from vimo_pipeline.export import load_motion
from vimo_pipeline.ui.endpoints.trimming import trimmed
from vimo_pipeline.ui.tabs.greeting import greeting
from vimo_pipeline.video import probe_video

from .browsing import (
    DESKTOP,
    DRAWS_NOTHING,
    EXAMPLE,
    Page,
    both_sizes,
    differ,
    needs_chromium,
    needs_example,
    slow,
)

pytestmark = [pytest.mark.browser, needs_chromium, needs_example]


@pytest.fixture(scope="module")
def clip(tmp_path_factory):
    """One second of the example."""
    part = trimmed(EXAMPLE, tmp_path_factory.mktemp("part"), stop=1)
    return part.rename(part.with_name("clip.mp4"))


@pytest.fixture
def page(address, request, tmp_path):
    with Page(address, folder=tmp_path, size=getattr(request, "param", DESKTOP)) as page:
        yield page


@both_sizes
def test_a_video_becomes_a_motion_that_plays_pauses_scrubs_and_goes_on(page, clip):
    capture(page, clip)
    assert page.fits()
    playing = page.picture()
    assert playing.any(), "something is drawn"
    page.until(lambda: differ(playing, page.picture()))  # it plays
    page.press(".vv-play")
    page.scrub(0.2)
    still = page.picture()
    time.sleep(2)
    assert not differ(still, page.picture()), "it pauses"
    page.scrub(0.7)
    assert differ(still, page.picture()), "it scrubs"
    at = "const film = stage.querySelector('.vv-film'); return film.currentTime / film.duration"
    page.until(lambda: abs(page.run(at) - 0.7) < 0.05)  # the film is in step
    body = page.picture()
    page.press(".vv-mode[value=bones]")
    assert differ(body, page.picture()), "bones are no body"

    frames = {len(load_motion(page.download(f"download-{kind}"))) for kind in ("glb", "bvh", "npz")}
    assert frames == {30}
    assert probe_video(page.download("download-mp4")).seconds == pytest.approx(1, abs=0.1)
    page.click("send-complete")
    page.viewer = "complete-viewer"
    page.until(lambda: page.time() > 0)


def test_a_text_file_is_refused_in_words(page, tmp_path):
    (tmp_path / "note.mp4").write_text("not a video")
    capture(page, tmp_path / "note.mp4", works=False)
    page.until(lambda: "note.mp4" in page.toasts())
    page.until(lambda: page.sees("run"))


def test_a_broken_glb_shows_a_sentence(page):
    page.run("stage.host.viewer.show([{ url: 'data:,junk', label: 'Junk' }])")
    page.until(lambda: "cannot be shown" in page.run("return stage.textContent"))


@slow
def test_without_webgl_the_viewer_is_a_sentence_and_nothing_else(address, tmp_path):
    with Page(address, folder=tmp_path, graphics=DRAWS_NOTHING) as page:
        page.until(lambda: page.run("return stage?.querySelector('.vv-note').textContent"))
        seen = page.run("return stage.querySelector('.vv-root').innerText")
    assert "WebGL is off" in seen and len(seen.strip().splitlines()) == 1


@slow
def test_a_run_can_be_cancelled_and_another_started(page, clip, tmp_path):
    page.upload("video", EXAMPLE)
    page.until(lambda: page.run("return !!document.querySelector('#video video')"))
    page.click("run")
    page.until(lambda: page.sees("run-cancel") and not page.sees("run"))
    page.until(lambda: "Finding the person" in page.run("return document.body.innerText"))
    page.click("run-cancel")
    page.until(lambda: page.sees("run") and not page.sees("run-cancel"))
    page.run("document.querySelector('#video button[aria-label=Clear]').click()")
    page.until(lambda: page.run("return !!document.querySelector('#video input[type=file]')"))
    capture(page, clip)


@slow
def test_hypotheses_stand_side_by_side_and_show_where_they_differ(page, clip):
    page.write("input[aria-label*=Hypotheses][type=number]", "2")
    capture(page, clip)
    page.until(lambda: page.labels() == ["Hypothesis 1", "Hypothesis 2"])
    page.pause()
    page.scrub(0.5)
    body = page.picture()
    page.press(".vv-mode[value=spread]")
    assert differ(body, page.picture()), "where they differ is red"
    with zipfile.ZipFile(page.download("download-bvh")) as zipped:
        assert zipped.namelist() == ["clip.bvh", "clip.1.bvh"]
    picture = (page.press(".vv-photo"), page.until(lambda: list(page.downloads.glob("vimo-*.png"))))[1]
    assert picture[0].stat().st_size > 5_000


@slow
@both_sizes
def test_a_motion_is_completed_as_the_timeline_says(page, long_wave):
    page.open_tab("Complete", viewer="complete-viewer")
    page.upload("motion", long_wave)
    page.until(lambda: page.run("return document.querySelector('.vt-text')?.value") == "0:20,40:60")
    page.run("document.querySelector('.vt-presets button[value=end]').click()")
    page.click("complete-run")
    page.until(lambda: page.sees("complete-bvh"))
    page.until(lambda: page.labels() == ["Before", "Result 1"])
    assert page.fits()
    result, before = load_motion(page.download("complete-bvh")).joints(), load_motion(long_wave).joints()
    apart = (result - before).norm(dim=-1).amax(1)
    assert len(result) == 60 and apart[:40].max() < 0.01 < apart[40:].max()


@slow
@pytest.mark.parametrize("number", [1, 2])
def test_the_examples_of_complete_run_in_one_click(page, number):
    page.open_tab("Complete", viewer="complete-viewer")
    page.click(f"example-{number}")
    page.until(lambda: page.sees("complete-glb"))
    assert len(load_motion(page.download("complete-glb"))) > 200 and page.toasts() == ""


@slow
@both_sizes
def test_a_motion_takes_on_a_style(page):
    page.open_tab("Stylise", viewer="stylise-viewer")
    page.click("stylise-example")
    page.until(lambda: page.sees("stylise-npz"))
    page.until(lambda: page.labels() == ["Motion", "Style", "Result 1"])
    page.pause()
    page.scrub(0.2)
    early = page.picture()
    page.scrub(0.4)
    assert differ(early, page.picture()) and page.fits()
    assert len(load_motion(page.download("stylise-npz"))) == len(greeting())


@slow
@both_sizes
def test_a_batch_gives_one_zip_and_a_table(page, clip, tmp_path):
    (tmp_path / "note.mp4").write_text("not a video")
    page.open_tab("Batch")
    page.upload("clips", clip, tmp_path / "note.mp4")
    page.until(lambda: "note" in page.run("return document.getElementById('clips').textContent"))
    page.click("batch-run")
    page.until(lambda: page.sees("batch-zip"))
    table = page.run("return document.getElementById('batch-table').textContent")
    assert "100%" in table and "not a video" in table and page.fits()
    with zipfile.ZipFile(page.download("batch-zip")) as zipped:
        assert {"what_was_seen.csv", "01_clip/clip.glb", "01_clip/clip.bvh"} <= set(zipped.namelist())


def capture(page: Page, video: Path, *, works: bool = True) -> None:
    """Upload a video and wait for its motion."""
    page.upload("video", video)
    page.until(lambda: page.run("return !!document.querySelector('#video video')"))
    page.click("run")
    if works:
        page.until(lambda: page.sees("download-glb"))
