"""`vimo push`: what a person types, sees and gets."""

import json
import sys

import pytest
from huggingface_hub import constants

from vimo_pipeline import ViMoPipeline
from vimo_pipeline.cli import main
from vimo_pipeline.cli.push import Push

from ..pipelines.cards.test_results import table


def test_it_publishes_and_says_where(hub, model, capsys):
    Push("me/vimo", space="me/demo", model=str(model), private=True).run()
    assert capsys.readouterr().out == f"{hub.url}/me/vimo\n{hub.url}/spaces/me/demo\n"
    assert {asked["visibility"] for asked in hub.created.values()} == {"private"}
    assert ViMoPipeline.from_pretrained("me/vimo").config.overlap == 6


def test_a_dry_run_writes_and_lists_and_leaves_the_hub_alone(hub, model, tmp_path, capsys):
    Push("me/vimo", space="me/demo", model=str(model), dry_run=True, out=tmp_path / "out").run()
    said = capsys.readouterr().out
    for part in ("me/vimo\n", "me/vimo, branch remote-code\n", "spaces/me/demo\n", "Nothing was uploaded"):
        assert part in said
    assert "  pipeline.py " in said and "  app.py " in said and str(tmp_path / "out") in said
    assert not hub.repositories
    assert sorted(path.name for path in (tmp_path / "out").iterdir()) == ["model", "remote-code", "space"]
    assert ViMoPipeline.from_pretrained(tmp_path / "out/model", variant="fp16").config.overlap == 6


def test_a_second_dry_run_takes_the_place_of_the_first_but_of_nothing_else(model, tmp_path):
    push = Push("me/vimo", model=str(model), dry_run=True, out=tmp_path / "out")
    push.run()
    (tmp_path / "out/model/left.txt").touch()
    push.run()
    assert not (tmp_path / "out/model/left.txt").exists()
    (tmp_path / "out/model/model_index.json").unlink()
    with pytest.raises(ValueError, match="no dry run wrote it"):
        push.run()


def test_figures_come_from_a_results_file(model, tmp_path):
    results = tmp_path / "results.json"
    results.write_text(json.dumps({"From pixels: a film": table("From pixels: a film", 41)}))
    Push("me/vimo", model=str(model), results=results, dry_run=True, out=tmp_path / "out").run()
    assert "| a film | 41.0 [40.0, 42.0] |" in (tmp_path / "out/model/README.md").read_text()


@pytest.mark.parametrize("words", [["--repo-id", "nobody"], ["--repo-id", "me/x", "--model", "/nowhere"]])
def test_a_mistake_is_one_sentence_and_status_2(monkeypatch, capsys, tmp_path, words):
    monkeypatch.setattr(sys, "argv", ["vimo", "push", "--dry-run", "--out", str(tmp_path / "out"), *words])
    with pytest.raises(SystemExit) as stopped:
        main()
    assert stopped.value.code == 2 and capsys.readouterr().err.startswith("vimo: ")
    assert not (tmp_path / "out").exists()


def test_what_the_hub_refuses_is_one_sentence_and_status_2(hub, model, monkeypatch, capsys):
    monkeypatch.setattr(constants, "HF_HUB_OFFLINE", True)
    monkeypatch.setattr(sys, "argv", ["vimo", "push", "--repo-id", "me/x", "--model", str(model)])
    with pytest.raises(SystemExit) as stopped:
        main()
    assert stopped.value.code == 2 and "vimo: me/x could not be uploaded" in capsys.readouterr().err
