import pytest

from vimo_pipeline.export import load_motion, save_motion

from .data.conftest import swinging
from .pipelines.conftest import keypoints_of, tiny_pipeline
from .test_cli import vimo


@pytest.fixture
def folder(tmp_path):
    tiny_pipeline().save_pretrained(tmp_path / "model")
    save_motion(swinging(40, seed=1), tmp_path / "swing.bvh")
    save_motion(swinging(25, seed=2), tmp_path / "other.npz")
    keypoints_of(30).save(tmp_path / "seen.npz")
    return tmp_path


@pytest.fixture
def stylise(monkeypatch, folder):
    def run(*words):
        rest = ("--out", folder / "out", "--model", folder / "model", "--steps", 2)
        vimo(monkeypatch, "stylise", folder / "swing.bvh", *words, *rest)

    return run


def test_the_style_is_a_motion_or_what_was_filmed(stylise, folder, capsys):
    stylise("--style", folder / "other.npz", "--hypotheses", 2)
    names = [f"swing.stylised{part}.{suffix}" for part in (".1", "") for suffix in ("bvh", "glb", "npz")]
    said = capsys.readouterr().out
    assert sorted(path.name for path in (folder / "out").iterdir()) == names
    assert all(name in said for name in names)
    stylise("--video", folder / "seen.npz", "--strength", 0)
    assert len(load_motion(folder / "out" / "swing.stylised.bvh")) == 40


@pytest.mark.parametrize(
    ("words", "complaint"),
    [((), "say whose manner"), (("--style", "nothing.bvh"), "nothing.bvh")],
)
def test_mistakes_are_one_sentence(stylise, capsys, words, complaint):
    with pytest.raises(SystemExit) as stopped:
        stylise(*words)
    assert stopped.value.code == 2 and complaint in capsys.readouterr().err
