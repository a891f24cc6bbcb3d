"""Weights are known again, however they are kept."""

import pytest
import torch

from vimo_pipeline.pipelines.cards.fingerprint import fingerprint


@pytest.mark.parametrize(
    "options", [{}, {"max_shard_size": "20KB"}, {"variant": "fp16"}], ids=["whole", "shards", "a variant"]
)
def test_loaded_or_saved_they_are_the_same(pipe, tmp_path, options):
    before = fingerprint(pipe)
    pipe.save_pretrained(tmp_path, **options)
    assert fingerprint(tmp_path) == fingerprint(str(tmp_path)) == before
    assert len(before) == 64


def test_half_precision_is_the_same_and_one_other_number_is_not(pipe, tmp_path):
    before = fingerprint(pipe)
    pipe.transformer.half()
    assert fingerprint(pipe) == before
    with torch.no_grad():
        pipe.transformer.motion_out.bias[3] += 0.25
    assert fingerprint(pipe) != before


def test_every_component_counts(pipe):
    before = fingerprint(pipe)
    next(iter(pipe.normaliser.buffers())).add_(1)
    assert fingerprint(pipe) != before


def test_a_variant_beside_them_changes_nothing(pipe, tmp_path):
    pipe.save_pretrained(tmp_path)
    before = fingerprint(tmp_path)
    torch.nn.init.zeros_(pipe.transformer.motion_out.bias)
    pipe.save_pretrained(tmp_path, variant="other")
    assert fingerprint(tmp_path) == before
