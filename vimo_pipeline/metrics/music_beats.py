"""When music has its beats, heard by librosa."""

from pathlib import Path
from types import ModuleType

import numpy as np
from numpy import ndarray

from ..whole_file import existing_file

MAX_MINUTES = 10  # the tempogram of so much fills 2 GB
MAX_CHANNELS = 64
RATES = (1000, 384_000)  # samples a second
_RATE, _HOP, _WINDOW = 22_050, 256, 1024  # samples: a beat falls on a grid of 12 ms


def music_beats(path: str | Path) -> ndarray:
    """Seconds of the beats of an audio file, rising, [B]; none in silence.

    librosa's tracker (Ellis 2007) on an onset curve that is finer than its default, so that a beat lies about
    10 ms after its click instead of 20. It keeps one tempo, and may take half or double of what people tap.
    """
    path = existing_file(path)
    librosa = _librosa()
    sound = _mono(path, librosa)
    if not sound.any():
        return np.zeros(0)
    onsets = librosa.onset.onset_strength(y=sound, sr=_RATE, hop_length=_HOP, n_fft=_WINDOW)
    _, beats = librosa.beat.beat_track(
        onset_envelope=onsets, sr=_RATE, hop_length=_HOP, trim=False, units="time"
    )
    return np.asarray(beats, dtype=np.float64)


def _mono(path: Path, librosa: ModuleType) -> ndarray:
    """The mean of all channels at `_RATE`, [samples], within -1 to 1."""
    import soundfile  # comes with librosa, whose own loader falls back to programs outside

    try:
        with soundfile.SoundFile(path) as file:
            rate = file.samplerate
            _check_claims(path, file.frames, rate, file.channels)
            blocks = file.blocks(1 << 16, dtype="float32", always_2d=True)
            sound = np.concatenate([block.mean(1) for block in blocks] or [np.zeros(0, np.float32)])
    except (soundfile.LibsndfileError, TypeError) as unreadable:  # TypeError: headerless, by its suffix
        raise ValueError(f"{path} cannot be read as audio; WAV, FLAC, OGG and MP3 can") from unreadable
    if not np.isfinite(sound).all():
        raise ValueError(f"{path} holds samples that are no finite numbers")
    sound /= max(1.0, np.abs(sound).max(initial=0.0))
    return librosa.resample(sound, orig_sr=rate, target_sr=_RATE) if len(sound) else sound


def _check_claims(path: Path, frames: int, rate: int, channels: int) -> None:
    """Refuse what would fill the memory before it is filled."""
    if not RATES[0] <= rate <= RATES[1] or not 1 <= channels <= MAX_CHANNELS:
        raise ValueError(f"{path} claims {rate} samples a second in {channels} channels, which no music has")
    if frames > MAX_MINUTES * 60 * rate:
        raise ValueError(f"{path} is {frames / rate / 60:.0f} minutes long; cut it to {MAX_MINUTES}")


def _librosa() -> ModuleType:
    try:
        import librosa
    except ImportError as missing:
        raise ImportError("beats of music need librosa: pip install 'vimo-pipeline[audio]'") from missing
    return librosa
