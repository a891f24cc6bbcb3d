"""What a card says of how weights were made."""

import json
from dataclasses import asdict

import pytest

from vimo_pipeline.pipelines.cards.training_facts import TrainingFacts, read_training

RUN = {"command": "train a", "steps": "5 at full learning rate", "recipe": "x0, AdamW"}
FACTS = TrainingFacts(
    "Dancer", "mit", [{"name": "mine", "clips": 2, "minutes": 1.5, "licence": "CC0"}],
    [RUN, RUN | {"command": "train b", "steps": "9"}], notes="It rained.",
)  # fmt: skip


def test_facts_come_back_as_they_were_written(tmp_path):
    (tmp_path / "training.json").write_text(json.dumps(asdict(FACTS)))
    assert read_training(tmp_path) == FACTS


def test_nothing_written_is_nothing_known(tmp_path):
    assert read_training(tmp_path) is None


def test_the_table_tells_data_licences_and_runs_in_order():
    shown = FACTS.markdown()
    assert "| data | mine (2 clips, 1.5 minutes). |" in shown and "| licences | mine: CC0 |" in shown
    assert shown.index("5 at full learning rate; x0, AdamW") < shown.index("steps: 9; the same recipe")
    assert "```bash\ntrain a\ntrain b\n```\n\nIt rained.\n" in shown
    assert "hours" not in shown


@pytest.mark.parametrize(
    "content",
    [
        "[]",
        "{}",
        '{"title": "x", "colour": "red"}',
        '{"title": "x", "runs": [{}]}',
        '{"title": "x", "data": 5}',
    ],
)
def test_other_files_are_refused_by_name(tmp_path, content):
    (tmp_path / "training.json").write_text(content)
    with pytest.raises(ValueError, match=r"training\.json"):
        read_training(tmp_path)
