import numpy as np
import pytest

from vimo_pipeline.export.overlay import LEFT, LIMBS, RIGHT, draw_keypoints
from vimo_pipeline.keypoints.keypoints import COCO_NAMES

pytest.importorskip("cv2")


def person(*, confidence: float = 1.0) -> np.ndarray:
    """Arms and legs spread, the left side to the right of the picture as when facing the camera."""
    places = {
        "nose": (50, 14), "eye": (53, 11), "ear": (57, 12), "shoulder": (62, 30), "elbow": (76, 40),
        "wrist": (88, 50), "hip": (58, 60), "knee": (62, 76), "ankle": (66, 94),
    }  # fmt: skip
    points = np.full((17, 3), confidence)
    for row, name in zip(points, COCO_NAMES, strict=True):
        x, y = places[name.split("_")[-1]]
        row[:2] = 100 - x if name.startswith("right") else x, y
    return points


def grey() -> np.ndarray:
    return np.full((100, 100, 3), 120, np.uint8)


def test_sides_have_their_colours():
    image = grey()
    draw_keypoints(image, person())
    assert tuple(image[45, 82]) == pytest.approx(LEFT, abs=4)
    assert tuple(image[45, 17]) == pytest.approx(RIGHT, abs=4)


def test_what_was_not_seen_is_not_drawn():
    image = grey()
    draw_keypoints(image, person(confidence=0.0))
    assert (image == 120).all()


def test_unsure_limbs_are_fainter():
    changes = []
    for confidence in (0.2, 0.5, 1.0):
        image = grey()
        draw_keypoints(image, person(confidence=confidence))
        changes.append(abs(image.astype(int) - 120).sum())
    assert changes == sorted(changes) and changes[0] < 0.5 * changes[2]


def test_one_hidden_joint_hides_only_its_limbs():
    points = person()
    points[COCO_NAMES.index("left_wrist"), 2] = 0
    image = grey()
    draw_keypoints(image, points)
    assert tuple(image[45, 82]) == (120, 120, 120)
    assert tuple(image[45, 17]) == pytest.approx(RIGHT, abs=4)


@pytest.mark.parametrize("shift", [-1e6, -80, 80, 1e6])
def test_keypoints_outside_the_picture_do_no_harm(shift):
    image = grey()
    draw_keypoints(image, person() + np.array([shift, 0, 0]))
    assert image.shape == (100, 100, 3)


def test_every_limb_joins_keypoints_that_exist():
    assert {name for limb in LIMBS for name in limb} == set(COCO_NAMES)


def test_another_number_of_keypoints_is_refused():
    with pytest.raises(ValueError, match="COCO-17"):
        draw_keypoints(grey(), np.zeros((25, 3)))
