import pytest

from vimo_pipeline.ui.running.delay import Delay


def test_what_is_told_is_of_the_last_seconds():
    delay = Delay(seconds=2)
    for number in range(100):
        delay.add(number / 10, 0.5 if number < 50 else 0.1)
    assert delay.rate == pytest.approx(10)
    assert delay.within(0.5) == delay.within(0.95) == 0.1


def test_a_picture_without_a_pose_counts_as_a_picture():
    delay = Delay()
    assert delay.rate == 0 and delay.within(0.5) is None
    for number in range(5):
        delay.add(number / 4, None)
    assert delay.rate == pytest.approx(4) and delay.within(0.5) is None


def test_ninety_five_of_a_hundred():
    delay = Delay(seconds=1000)
    for number in range(101):
        delay.add(number, number / 100)
    assert delay.within(0.5) == pytest.approx(0.5) and delay.within(0.95) == pytest.approx(0.95)
