"""Groups of figures for small sets."""

import json
import math
from dataclasses import replace

import numpy as np
import pytest
import torch

from vimo_pipeline.metrics import mpjpe, pa_mpjpe
from vimo_pipeline.metrics.evaluation import (
    MotionSet,
    as_table,
    evaluate,
    matplotlib_library,
    windows,
    write_json,
    write_plot,
)
from vimo_pipeline.metrics.evaluation.few_shot import few_shot
from vimo_pipeline.metrics.evaluation.music import dancing, music_files
from vimo_pipeline.metrics.evaluation.paired import paired
from vimo_pipeline.metrics.evaluation.partners import partners
from vimo_pipeline.metrics.evaluation.physics import physics
from vimo_pipeline.metrics.evaluation.several import several
from vimo_pipeline.motion import Motion


def by_name(group):
    return {figure.name: figure for figure in group.figures}


@pytest.fixture(scope="module")
def reference(dance):
    return MotionSet.of([dance(seed) for seed in range(12)], source="reference")


@pytest.fixture(scope="module")
def strangers(dance):
    return MotionSet.of([dance(100 + seed, size=1.2) for seed in range(6)], source="strangers")


@pytest.fixture(scope="module")
def found(strangers, reference):
    return evaluate(strangers, reference, seconds=2.0, repeats=5)


def test_a_reference_against_itself_cannot_be_told_from_itself(reference):
    same = evaluate(reference, reference, seconds=2.0, repeats=20)
    figures = [figure for group in same.groups for figure in group.figures if figure.band]
    assert len(figures) == 14 and not any(figure.apart for figure in figures)
    assert "cannot be told from the reference" in as_table(same)


def test_strangers_are_told_apart_and_statues_stand_beside(found):
    likeness, moving = map(by_name, found.groups)
    assert likeness["FID_k"].apart and likeness["FID_k"].value > likeness["FID_k"].band.high
    assert likeness["Div_k"].beside == 0 and likeness["FID_m"].beside > 0
    assert moving["jitter"].apart and moving["jitter"].beside == 0
    assert math.isnan(moving["PFC"].value) and moving["PFC"].apart is None  # two seconds have no PFC
    assert any("shorter than 5 s" in note for note in found.groups[1].notes)
    assert any("covariance is singular" in note for note in found.groups[0].notes)


def test_the_same_seed_gives_the_same_report(found, strangers, reference):
    again = evaluate(strangers, reference, seconds=2.0, repeats=5)
    assert as_table(again) == as_table(found)
    other = evaluate(strangers, reference, seconds=2.0, repeats=5, seed=1)
    assert other.groups[0].figures[0].value == found.groups[0].figures[0].value
    assert other.groups[0].figures[0].interval != found.groups[0].figures[0].interval


def test_moving_and_turning_the_world_changes_nothing_but_rounding(found, strangers, reference):
    away = torch.tensor([30.0, 0.0, -50.0])
    moved = {
        name: (replace(motion, root=motion.root + away).turn(2.0),)
        for name, (motion,) in strangers.motions.items()
    }
    other = evaluate(MotionSet("moved", moved), reference, seconds=2.0, repeats=2)
    for group, same in zip(other.groups, found.groups, strict=True):
        for name, figure in by_name(group).items():
            if not math.isnan(figure.value):
                assert figure.value == pytest.approx(by_name(same)[name].value, rel=0.02, abs=1e-3), name


def test_windows_drop_the_rest_and_keep_what_is_short(dance):
    cut = windows({"long": dance(0, frames=130), "short": dance(1, frames=20)}, seconds=2.0)
    assert [len(motion) for motion in cut] == [60, 60, 20]
    assert [len(motion) for motion in windows({"fast": dance(0, fps=60.0)}, seconds=0.5)] == [30, 30]
    resampled = windows({"resampled": dance(0, frames=120).resample(60.0)}, seconds=2.0)
    assert [len(motion) for motion in resampled] == [120, 119]  # 239 frames: the last instant is not known
    with pytest.raises(ValueError, match=r"short has windows of 0\.07 s; features need 0\.12 s"):
        windows({"short": dance(0, frames=2)}, seconds=2.0)
    with pytest.raises(ValueError, match="seconds must be a positive number"):
        windows({}, seconds=0.0)


def test_files_hold_every_figure(found, tmp_path):
    write_json(found, tmp_path / "report.json")
    read = json.loads((tmp_path / "report.json").read_text())
    names = [figure["name"] for group in read["groups"] for figure in group["figures"]]
    assert {"FID_k", "FID_k legacy", "KID_m", "Div_m", "PFC", "foot skate", "jitter"} <= set(names)
    first = read["groups"][0]["figures"][0]
    assert first["value"] == found.groups[0].figures[0].value
    assert list(first["band"]) == ["mean", "low", "high", "clips"]
    assert read["groups"][1]["figures"][0]["value"] is None  # no PFC
    assert (read["generated"]["motions"], read["generated"]["fps"], read["seed"]) == (6, {"30": 6}, 0)
    assert read["versions"]["torch"] == torch.__version__.split("+")[0] or read["versions"]["torch"]


def test_the_plot_is_a_picture(found, tmp_path):
    pytest.importorskip("matplotlib")
    write_plot(found, tmp_path / "report.png")
    assert (tmp_path / "report.png").read_bytes().startswith(b"\x89PNG")


def test_without_matplotlib_the_pip_line_is_said(monkeypatch):
    monkeypatch.setitem(__import__("sys").modules, "matplotlib", None)
    with pytest.raises(ImportError, match=r"vimo-pipeline\[evaluate\]"):
        matplotlib_library()


def test_too_few_clips_are_refused_with_what_is_needed(reference, dance):
    two = MotionSet.of([dance(0), dance(1)])
    with pytest.raises(ValueError, match=r"at least 4 generated windows of 2 s, better 200, got 2"):
        evaluate(two, reference, seconds=2.0)
    with pytest.raises(ValueError, match="at least 4 reference windows"):
        evaluate(reference, two, seconds=2.0)
    assert [group.name for group in evaluate(two, two, distribution=False).groups] == ["physics"]


def test_physics_is_a_mean_over_frames_and_pfc_over_windows(dance):
    long, short = dance(0, frames=310), dance(1, frames=80)
    both, alone = (by_name(physics(motions, [short])) for motions in ([long, short], [long]))
    assert both["PFC"].value == alone["PFC"].value
    single = by_name(physics([short], [short]))["frames under the floor"].value
    share = (310 * alone["frames under the floor"].value + 80 * single) / 390
    assert both["frames under the floor"].value == pytest.approx(share)


def test_pairs_have_the_errors_of_their_functions(dance):
    truths = {str(seed): dance(seed) for seed in range(4)}
    off = {name: (near(motion, int(name)),) for name, motion in truths.items()}
    figures = by_name(paired(off, truths))
    errors = [
        [float(error(off[name][0].joints(), truths[name].joints()).mean()) for name in truths]
        for error in (mpjpe, pa_mpjpe)
    ]
    assert figures["MPJPE"].value == pytest.approx(1000 * np.mean(errors[0]), rel=1e-4)
    assert figures["PA-MPJPE"].value == pytest.approx(1000 * np.mean(errors[1]), rel=1e-4)
    assert figures["MPJPE"].apart and figures["PA-MPJPE"].apart
    assert figures["frames answered"].value == 1 and figures["RTE"].value == pytest.approx(0, abs=0.1)
    exact = by_name(paired({name: (motion,) for name, motion in truths.items()}, truths))
    assert exact["W-MPJPE"].value == pytest.approx(0, abs=1e-6) and exact["contact F1"].value == 1


def test_wrong_pairs_cannot_be_told_from_chance(dance):
    truths = {str(seed): dance(seed) for seed in range(6)}
    strangers = {str(seed): (dance(50 + seed),) for seed in range(6)}
    figures = by_name(paired(strangers, truths))
    assert not figures["MPJPE"].apart and not figures["PA-MPJPE"].apart


def test_what_was_not_answered_counts(dance):
    truths = {"a": dance(0, frames=60), "b": dance(1, frames=40)}
    figures = by_name(paired({"a": (dance(0, frames=60, fps=30.0).frames(0, 30),)}, truths))
    assert figures["frames answered"].value == pytest.approx(0.3)
    with pytest.raises(ValueError, match=r"no name is both generated \(c\) and in the reference \(a, b\)"):
        paired({"c": (dance(0),)}, truths)


def test_the_best_of_several_is_not_worse_than_their_mean(dance):
    truths = {str(seed): dance(seed, frames=30) for seed in range(4)}
    tries = {
        name: tuple(near(motion, 10 * k + int(name)) for k in range(3)) for name, motion in truths.items()
    }
    group = several(tries, truths)
    figures = by_name(group)
    assert group.name == "3 hypotheses"
    assert figures["MPJPE, best of 3"].value < figures["MPJPE, best of 3"].beside
    assert 0 < figures["spread: within one"].value <= figures["spread: within two"].value <= 1
    assert several({name: some[:1] for name, some in tries.items()}, truths) is None


def near(motion: Motion, seed: int) -> Motion:
    """The motion with each joint off by a few degrees all the time."""
    noise = 0.05 * torch.randn(1, 24, 4, generator=torch.Generator().manual_seed(seed))
    return Motion.from_rotations(motion.rotations + noise, motion.root, fps=motion.fps)


def test_music_is_found_by_name(tmp_path):
    for name in ("walk.wav", "mBR0.mp3", "text.txt"):
        (tmp_path / name).write_bytes(b"")
    names = ["deeper/walk", "gBR_sBM_cAll_d04_mBR0_ch01", "run"]
    assert {name: file.name for name, file in music_files(names, tmp_path).items()} == {
        "deeper/walk": "walk.wav",
        "gBR_sBM_cAll_d04_mBR0_ch01": "mBR0.mp3",
    }
    assert set(music_files(names, tmp_path / "walk.wav")) == set(names)
    with pytest.raises(FileNotFoundError, match="no file or folder"):
        music_files(names, tmp_path / "missing")


def test_only_what_follows_its_music_is_aligned(dance):
    motions = {str(seed): dance(seed, frames=150) for seed in range(8)}
    metronome = dict.fromkeys(motions, np.arange(0, 5, 0.53))
    group = dancing(motions, metronome)
    figures = by_name(group)
    assert list(figures) == [
        "beat score, mint", "alignment z, mint", "beat score, bailando", "alignment z, bailando",
    ]  # fmt: skip
    assert figures["alignment z, mint"].band.high == pytest.approx(1.96 / math.sqrt(8), rel=1e-3)
    assert not figures["alignment z, bailando"].apart and group.beside == ""
    with pytest.raises(ValueError, match="none of 8 motions has music"):
        dancing(motions, {})


def test_the_reference_stands_beside_where_it_has_music(dance):
    motions = {"a": dance(0, frames=150)}
    beats = {"a": np.arange(0, 5, 0.5)}
    group = dancing(motions, beats, reference=motions, reference_beats=beats)
    assert group.beside == "reference" and group.figures[0].beside is not None
    assert group.figures[0].interval is None  # one motion
    with pytest.raises(ValueError, match=r"a: no music beat lies in"):
        dancing(motions, {"a": np.array([90.0])})


def test_copies_have_no_diversity(dance):
    training = dance(0, frames=90)
    figures = by_name(few_shot([training, training], [training]))
    assert figures["coverage"].value == 1 and figures["local diversity"].value == pytest.approx(0, abs=1e-5)
    assert figures["coverage"].beside < 1
    with pytest.raises(ValueError, match="the reference holds 2; give one file"):
        few_shot([training], [training, training])
    with pytest.raises(ValueError, match="59 frames at 30 fps or more, 1 are shorter"):
        few_shot([dance(0, frames=30)], [training])


def test_partners_are_paired_by_name(dance):
    humans = {str(seed): dance(seed) for seed in range(5)}
    figures = by_name(partners(humans, humans))
    assert figures["mimicry"].value == pytest.approx(1)
    assert figures["diversity"].value == pytest.approx(figures["diversity"].beside)
    with pytest.raises(ValueError, match="four motions or more with the name of a human, got 1"):
        partners({"0": dance(0)}, humans)
