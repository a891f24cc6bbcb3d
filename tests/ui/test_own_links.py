import pytest

from vimo_pipeline.ui.components.own_links import own_file


@pytest.fixture
def cache(tmp_path):
    (tmp_path / "cache").mkdir()
    (tmp_path / "cache" / "a wave.npz").touch()
    (tmp_path / "secret.txt").touch()
    return tmp_path / "cache"


@pytest.mark.parametrize("host", ["http://127.0.0.1:7860", "https://vimo.hf.space", "https://a.org/below"])
def test_a_link_to_what_is_served_is_the_file(cache, host):
    link = f"{host}/gradio_api/file={cache}/a%20wave.npz"
    assert own_file(link, str(cache)) == f"{cache}/a wave.npz"


def test_everything_else_stays_what_it_is(cache):
    served = "http://127.0.0.1:7860/gradio_api/file="
    for path in (
        "secret.txt",
        "cache/missing.npz",
        "cache/../secret.txt",
        "cache/%2e%2e/secret.txt",
        "cache",
    ):
        link = f"{served}{cache.parent}/{path}"
        assert own_file(link, str(cache)) == link
    for other in (None, f"{cache}/a wave.npz", "https://a.org/clip.mp4"):
        assert own_file(other, str(cache)) is other
