"""Beats heard in a synthesised click track."""

import sys
import wave

import numpy as np
import pytest

from vimo_pipeline.metrics import music_beats


def write_wav(path, sound: np.ndarray, rate: int = 22_050) -> None:
    with wave.open(str(path), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(rate)
        file.writeframes((sound * 32_000).astype("<i2").tobytes())


def click_track(bpm: float, *, seconds: float = 10.0, start: float = 0.25, rate: int = 22_050):
    """Sound, and when the clicks are."""
    clicks = np.arange(start, seconds - 0.1, 60 / bpm)
    time = np.arange(rate // 33) / rate
    click, sound = np.sin(2 * np.pi * 1000 * time) * np.exp(-time / 0.006), np.zeros(int(rate * seconds))
    for at in (clicks * rate).round().astype(int):
        sound[at : at + len(click)] += click
    return sound, clicks


@pytest.mark.slow  # librosa compiles itself on first use
def test_120_clicks_a_minute_are_120_beats_a_minute(tmp_path):
    pytest.importorskip("librosa")
    sound, clicks = click_track(120)
    write_wav(tmp_path / "clicks.wav", sound)
    found = music_beats(tmp_path / "clicks.wav")
    assert 60 / np.median(np.diff(found)) == pytest.approx(120, rel=0.05)
    late = found - clicks[np.abs(found[:, None] - clicks).argmin(1)]
    assert 0 < np.median(late) < 0.02  # well within the 50 ms of a beat score
    assert len(found) == pytest.approx(len(clicks), abs=1)


def test_silence_has_no_beats(tmp_path):
    pytest.importorskip("librosa")
    write_wav(tmp_path / "silence.wav", np.zeros(22_050))
    assert len(music_beats(tmp_path / "silence.wav")) == 0


def test_what_is_no_audio_is_refused(tmp_path):
    pytest.importorskip("librosa")
    (tmp_path / "song.wav").write_text("no sound")
    with pytest.raises(ValueError, match=r"song.wav cannot be read as audio; WAV, FLAC, OGG and MP3 can"):
        music_beats(tmp_path / "song.wav")
    with pytest.raises(FileNotFoundError, match=r"no file .*nothing.wav"):
        music_beats(tmp_path / "nothing.wav")


def test_without_librosa_the_pip_line_is_named(tmp_path, monkeypatch):
    write_wav(tmp_path / "silence.wav", np.zeros(100))
    monkeypatch.setitem(sys.modules, "librosa", None)
    with pytest.raises(ImportError, match=r"pip install 'vimo-pipeline\[audio\]'"):
        music_beats(tmp_path / "silence.wav")
