import logging
import tracemalloc
from itertools import islice, pairwise

import numpy as np
import pytest

from vimo_pipeline.video import probe_video, read_frames, write_video


def clock(frames: int) -> np.ndarray:
    """Frames [T, 48, 64, 3] whose brightness tells their index."""
    return np.stack([np.full((48, 64, 3), 8 * index, np.uint8) for index in range(frames)])


@pytest.mark.parametrize("rate", ["10", "12", "24000/1001", "25", "30000/1001", "50", "60", "240"])
def test_any_rate_becomes_thirty_and_lasts_as_long(pattern, rate):
    video = pattern("a.mp4", rate=rate, seconds=2)
    assert abs(len(list(read_frames(video))) / 30 - 2) <= 1.5 / 30
    assert probe_video(video).seconds == pytest.approx(2, abs=0.05)


@pytest.mark.parametrize("codec", ["libx264", "libx265", "libvpx-vp9", "libsvtav1"])
def test_every_codec_that_phones_and_browsers_write_is_read(pattern, codec):
    video = pattern("a.mp4", "-c:v", codec, "-pix_fmt", "yuv420p", size="128x96")
    frames = list(read_frames(video))
    assert len(frames) == 30 and frames[0].shape == (96, 128, 3)
    assert not np.array_equal(frames[0], frames[-1])


def test_a_frame_shows_what_was_seen_at_its_time(tmp_path):
    write_video(tmp_path / "a.mp4", clock(20), fps=10)
    shown = [frame.mean() / 8 for frame in read_frames(tmp_path / "a.mp4", fps=30)]
    assert np.abs(np.array(shown) - np.arange(60) / 3).max() < 0.8
    assert shown[0] == pytest.approx(0, abs=0.2)


def test_variable_frame_rate_keeps_its_time(make_video):
    """Every second a third of the frames comes at 30 fps, and then nothing."""
    source = ("-f", "lavfi", "-i", "testsrc2=s=64x48:r=30:d=4")
    video = make_video("a.mkv", *source, "-vf", "select='lt(mod(n,30),10)'", "-fps_mode", "vfr")
    frames = list(read_frames(video))
    still = [np.array_equal(a, b) for a, b in pairwise(frames)]
    assert len(frames) == pytest.approx(100, abs=1)  # the last frame stands at 3.3 s
    assert all(still[10:28]) and not any(still[31:38])


def test_a_late_start_is_time_zero(make_video, pattern):
    video = pattern("a.mp4", seconds=1)
    late = make_video("late.mkv", "-itsoffset", "5", "-i", video, "-c", "copy")
    assert len(list(read_frames(late))) == len(list(read_frames(video)))


def test_a_phone_held_upright_gives_upright_frames(make_video, pattern):
    video = pattern("a.mp4", size="96x48")
    turned = make_video("turned.mp4", "-display_rotation", "90", "-i", video, "-c", "copy")
    info = probe_video(turned)
    assert (info.width, info.height) == (48, 96)
    upright, turned_frame = next(read_frames(video)), next(read_frames(turned))
    assert np.abs(np.rot90(upright).astype(int) - turned_frame).mean() < 2


def test_pixels_that_are_not_square_are_made_so(pattern):
    video = pattern("a.mp4", "-vf", "setsar=4/3", size="96x48")
    assert next(read_frames(video)).shape == (48, 128, 3)
    assert probe_video(video).width == 128


@pytest.mark.parametrize("wide, high", [(96, 48), (48, 96), (97, 49)])
def test_max_side_keeps_the_aspect_and_even_sides(odd_pattern, wide, high):
    height, width, _ = next(read_frames(odd_pattern(wide, high), max_side=32)).shape
    assert max(height, width) == 32 and height % 2 == width % 2 == 0
    assert width / height == pytest.approx(wide / high, rel=0.1)


def test_small_videos_are_not_enlarged(pattern):
    assert next(read_frames(pattern("a.mp4", size="64x48"), max_side=640)).shape == (48, 64, 3)


def test_odd_sides_are_kept(odd_pattern):
    assert next(read_frames(odd_pattern(65, 49))).shape == (49, 65, 3)
    assert probe_video(odd_pattern(65, 49)).width == 65


def test_trimming(tmp_path):
    write_video(tmp_path / "a.mp4", clock(30), fps=30)
    part = list(read_frames(tmp_path / "a.mp4", start=0.5, stop=0.8))
    assert len(part) == 9
    assert part[0].mean() == pytest.approx(15 * 8, abs=5)


def test_one_frame_pictures_and_transparent_animations(make_video, pattern):
    red = ("-f", "lavfi", "-i", "color=red@0.5:s=33x21:r=10:d=1,format=rgba")
    for video, frames in [
        (pattern("one.mp4", "-frames:v", "1"), 1),
        (pattern("one.png", "-frames:v", "1"), 1),
        (pattern("one.jpg", "-frames:v", "1"), 1),
        (make_video("alpha.gif", *red), 30),
    ]:
        assert len(list(read_frames(video))) == frames


def test_a_recording_without_duration_is_measured(make_video):
    video = make_video(
        "a.webm", "-f", "lavfi", "-i", "testsrc2=s=64x48:r=30:d=2", "-f", "matroska", "-live", "1"
    )
    assert probe_video(video).seconds == pytest.approx(2, abs=0.1)


def test_names_that_mean_something_to_ffmpeg(pattern, tmp_path):
    video = pattern("plain.mp4").rename(tmp_path / "we%03d: -i x.mp4")
    assert len(list(read_frames(video))) == 30


def test_frames_are_streamed(pattern):
    video = pattern("long.mp4", size="160x120", seconds=5)
    tracemalloc.start()
    for _ in read_frames(video):
        pass
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 20 * 160 * 120 * 3  # of 150 frames


def test_a_reader_may_stop_early(pattern):
    assert len(list(islice(read_frames(pattern("a.mp4", seconds=20)), 3))) == 3


def test_sound_without_picture(make_video, pattern):
    sine = ("-f", "lavfi", "-i", "sine=d=0.5")
    cover = pattern("cover.jpg", "-frames:v", "1")
    with_cover = ("-map", "0", "-map", "1", "-c:v", "mjpeg", "-disposition:v", "attached_pic")
    for video in [make_video("a.m4a", *sine), make_video("b.m4a", *sine, "-i", cover, *with_cover)]:
        with pytest.raises(ValueError, match="no picture"):
            probe_video(video)


@pytest.mark.parametrize(
    "content",
    [
        b"this is a text file",
        bytes(range(256)) * 40,
        b"#EXTM3U\n#EXTINF:1,\nother.mp4\n#EXT-X-ENDLIST\n",
        b"ffconcat version 1.0\nfile other.mp4\n",
    ],
    ids=["text", "noise", "playlist", "concat"],
)
def test_what_is_no_video_is_refused(pattern, tmp_path, content):
    """The playlists name a video that exists: they must not open it."""
    pattern("other.mp4")
    video = tmp_path / "a.mp4"
    video.write_bytes(content)
    for read in (probe_video, lambda path: list(read_frames(path))):
        with pytest.raises(ValueError, match="not a video"):
            read(video)


def test_missing_empty_and_folders(tmp_path):
    (tmp_path / "empty.mp4").touch()
    with pytest.raises(FileNotFoundError, match="no video at"):
        probe_video(tmp_path / "missing.mp4")
    with pytest.raises(ValueError, match="0 bytes"):
        probe_video(tmp_path / "empty.mp4")
    with pytest.raises(ValueError, match="folder"):
        read_frames(tmp_path)


def test_a_truncated_file_gives_what_it_holds_and_says_so(make_video, pattern, tmp_path, caplog):
    whole = pattern("a.mp4", "-movflags", "+faststart", size="320x240", seconds=3)
    cut = tmp_path / "cut.mp4"
    cut.write_bytes(whole.read_bytes()[: whole.stat().st_size // 2])
    with caplog.at_level(logging.WARNING):
        assert 5 < len(list(read_frames(cut))) < 80
    assert "damaged" in caplog.text
    cut.write_bytes(pattern("b.mp4").read_bytes()[:2000])  # its index stands at the end
    with pytest.raises(ValueError, match="broken"):
        probe_video(cut)


@pytest.mark.parametrize(
    "wrong", [{"fps": 0}, {"fps": float("nan")}, {"max_side": 2}, {"start": -1}, {"start": 2, "stop": 1}]
)
def test_impossible_wishes(pattern, wrong):
    with pytest.raises(ValueError, match=next(iter(wrong))):
        read_frames(pattern("a.mp4"), **wrong)
