import numpy as np

from vimo_pipeline.keypoints.cleaning.segments import Segment, drop_foreign_segments, find_segments


def seen(keypoints) -> list[int]:
    return np.flatnonzero(keypoints.confidence.any(-1)).tolist()


def test_one_body_is_one_segment(walk):
    assert find_segments(walk(90), fps=30) == [Segment(0, 89, 90)]
    assert find_segments(np.zeros((9, 17, 3)), fps=30) == []


def test_a_glance_at_someone_else_is_dropped(walk, as_keypoints):
    points = walk(120)
    points[40:60] = walk(120, x=1000)[40:60]
    kept = drop_foreign_segments(as_keypoints(points))
    assert seen(kept) == [*range(40), *range(60, 120)] and kept.cuts == ()


def test_a_smaller_body_in_the_same_place_is_someone_else(walk, as_keypoints):
    points = walk(120)
    points[40:60] = walk(120, height=120, x=330)[40:60]
    assert seen(drop_foreign_segments(as_keypoints(points))) == [*range(40), *range(60, 120)]


def test_going_over_to_another_body_for_good_is_a_cut(walk, as_keypoints):
    points = np.concatenate([walk(120), walk(90, x=100)])
    kept = drop_foreign_segments(as_keypoints(points))
    assert kept.cuts == (120,) and len(seen(kept)) == 210


def test_a_phantom_long_before_the_person_is_dropped(walk, as_keypoints):
    points = np.concatenate([walk(4, height=60), np.zeros((40, 17, 3)), walk(90)])
    assert seen(drop_foreign_segments(as_keypoints(points))) == list(range(44, 134))


def test_a_person_who_was_hidden_for_a_while_is_kept(walk, as_keypoints):
    points = walk(120)
    points[40:60] = 0
    kept = drop_foreign_segments(as_keypoints(points))
    assert seen(kept) == [*range(40), *range(60, 120)] and kept.cuts == ()


def test_flipped_frames_are_no_jumps(walk, as_keypoints):
    from vimo_pipeline.keypoints.cleaning.flips import swap_sides

    points = walk(60, heading=0.0)
    points[20:30] = swap_sides(points[20:30])
    assert len(find_segments(points, fps=30)) == 1


def test_shots_are_judged_by_themselves(walk, as_keypoints):
    points = np.concatenate([walk(90), walk(15, x=1000, height=200)])
    assert len(seen(drop_foreign_segments(as_keypoints(points)))) == 90
    assert len(seen(drop_foreign_segments(as_keypoints(points, cuts=(90,))))) == 105


def test_a_few_keypoints_are_no_body(walk, as_keypoints):
    points = walk(60)
    points[30:, 3:] = 0
    assert seen(drop_foreign_segments(as_keypoints(points))) == list(range(30))
