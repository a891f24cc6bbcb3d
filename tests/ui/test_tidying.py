import os
import time

from vimo_pipeline.ui.running.serving import served_folder
from vimo_pipeline.ui.running.tidying import KEPT_SECONDS, tidy
from vimo_pipeline.ui.tabs.greeting import greeting_files

OLD = time.time() - KEPT_SECONDS - 1
OURS = ["vimo-run-a1b2/half.glb", "vimo-batch/0123/seen.json", "tmpabcd1234"]
OTHERS = ["0123/upload.mp4", "vimo-page-a1b2/hello.glb", "template.txt", "tmpabcd1234.mp4"]


def fill(cache, *, old):
    """Files of ours and of others, and a folder that gradio has emptied."""
    for name in [*OURS, *OTHERS]:
        (cache / name).parent.mkdir(parents=True, exist_ok=True)
        (cache / name).touch()
    (cache / "emptied").mkdir()
    for path in sorted(cache.rglob("*"), reverse=True) if old else []:
        os.utime(path, (OLD, OLD))


def test_what_is_old_goes_and_what_may_be_somebody_elses_stays(cache):
    fill(cache, old=True)
    tidy(cache)
    assert not any((cache / name).exists() for name in [*OURS, "vimo-run-a1b2", "vimo-batch/0123", "emptied"])
    assert all((cache / name).exists() for name in OTHERS)


def test_what_somebody_may_still_fetch_stays(cache):
    fill(cache, old=False)
    tidy(cache)
    assert all((cache / name).exists() for name in [*OURS, *OTHERS, "emptied"])


def test_every_run_tidies_up_first_and_leaves_what_the_page_shows(cache):
    (shown,) = greeting_files()
    fill(cache, old=True)
    os.utime(shown.parent, (OLD, OLD))
    with served_folder() as folder:
        assert folder.is_dir() and shown.is_file()
    assert not (cache / "vimo-run-a1b2").exists()
