"""A dancer built in code."""

import pytest

from vimo_pipeline.motion import Motion

from ..conftest import swinging


@pytest.fixture
def dancer() -> Motion:
    return swinging(61, seed=4)
