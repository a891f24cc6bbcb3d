import numpy as np
import pytest

from vimo_pipeline.video import probe_video, read_frames, write_video

RAMP = np.stack([np.full((48, 64, 3), 10 * index, np.uint8) for index in range(20)])


def test_what_is_written_reads_back(tmp_path):
    write_video(tmp_path / "a.mp4", RAMP, fps=24)
    info = probe_video(tmp_path / "a.mp4")
    assert (info.width, info.height, info.fps, info.frames) == (64, 48, 24.0, 20)
    read = np.stack(list(read_frames(tmp_path / "a.mp4", fps=24)))
    assert np.abs(read.astype(int) - RAMP).max() < 8


def test_odd_sides_grow_by_one(tmp_path):
    write_video(tmp_path / "a.mp4", RAMP[:, :47, :63], fps=30)
    info = probe_video(tmp_path / "a.mp4")
    assert (info.width, info.height) == (64, 48)


def test_an_error_leaves_nothing_behind(tmp_path):
    def breaking():
        yield RAMP[0]
        raise RuntimeError("drawing failed")

    with pytest.raises(RuntimeError, match="drawing failed"):
        write_video(tmp_path / "a.mp4", breaking(), fps=30)
    assert list(tmp_path.iterdir()) == []


def test_an_encoder_that_gives_up_is_quoted(tmp_path):
    wide = np.zeros((2, 20000, 3), np.uint8)  # more than x264 takes
    with pytest.raises(OSError, match=r"cannot write the video: .+"):
        write_video(tmp_path / "a.mp4", [wide] * 9, fps=30)
    assert list(tmp_path.iterdir()) == []


def test_an_error_keeps_the_old_file(tmp_path):
    write_video(tmp_path / "a.mp4", RAMP, fps=30)
    before = (tmp_path / "a.mp4").read_bytes()
    with pytest.raises(ValueError, match="must all be"):
        write_video(tmp_path / "a.mp4", [RAMP[0], RAMP[0, :, :32]], fps=30)
    assert (tmp_path / "a.mp4").read_bytes() == before
    assert len(list(tmp_path.iterdir())) == 1


@pytest.mark.parametrize(
    "frames", [[], [np.zeros((8, 8))], [np.zeros((8, 8, 3))]], ids=["none", "grey", "float"]
)
def test_what_is_no_frame_is_refused(tmp_path, frames):
    with pytest.raises(ValueError):
        write_video(tmp_path / "a.mp4", frames, fps=30)
    assert list(tmp_path.iterdir()) == []


def test_a_folder_that_is_not_there(tmp_path):
    with pytest.raises(FileNotFoundError, match="no folder"):
        write_video(tmp_path / "no" / "a.mp4", RAMP, fps=30)
