"""The stand-in of the Hub, and a saved pipeline that is small."""

import pytest

from ..pipelines.conftest import tiny_pipeline
from ..pipelines.hub_stand_in import HubStandIn, believe_in


@pytest.fixture
def hub(monkeypatch, tmp_path):
    """An empty Hub, which the client believes to be the real one."""
    with HubStandIn().serving() as stand_in:
        believe_in(stand_in, monkeypatch, tmp_path / "cache")
        yield stand_in


@pytest.fixture
def model(tmp_path):
    """The folder of a pipeline without figures or facts."""
    tiny_pipeline().save_pretrained(tmp_path / "dancer")
    return tmp_path / "dancer"
