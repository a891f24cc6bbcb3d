"""Several cameras on one performance become one clip that always shows the best view.

ViMo-Flow takes the most confident detection among its views. A joint of one camera means nothing in the
picture of another, so here the choice falls on whole bodies over spans of time, and a change of view is
marked as a cut: normalising works shot by shot, and the model has learned that a cut changes the camera and
not the motion."""

from collections.abc import Sequence

import numpy as np
from numpy import ndarray

from .keypoints import Keypoints

# What a change must gain: confidence summed over time, as if a fully seen body were shown for this long.
CHANGE_SECONDS = 0.5


def fuse_views(views: Sequence[Keypoints]) -> Keypoints:
    """The most confident view at every time, with few changes. The views are synchronous: same length and
    fps."""
    _check(views)
    confidence = np.stack([view.confidence.mean(-1) for view in views])  # [V, T]
    chosen = best_views(confidence, change_cost=CHANGE_SECONDS * views[0].fps)
    points = np.stack([view.points for view in views])[chosen, np.arange(len(chosen))]
    own_cuts = {
        cut
        for index, view in enumerate(views)
        for cut in view.cuts
        if cut < len(view) and chosen[cut] == index
    }
    changes = set((np.flatnonzero(np.diff(chosen)) + 1).tolist())
    width, height = max(view.width for view in views), max(view.height for view in views)
    return Keypoints(points, views[0].fps, width, height, tuple(sorted(own_cuts | changes)))


def best_views(confidence: ndarray, *, change_cost: float) -> ndarray:
    """The path through views [V, T] with the most confidence after paying for its changes (Viterbi): int [T].
    The loop is over frames because each step needs the one before."""
    best = confidence[:, 0]
    came_from = []
    for now in confidence.T[1:]:
        stay_or_change = np.where(best >= best.max() - change_cost, np.arange(len(best)), best.argmax())
        came_from.append(stay_or_change)
        best = np.maximum(best, best.max() - change_cost) + now
    path = [int(best.argmax())]
    for previous in reversed(came_from):
        path.append(int(previous[path[-1]]))
    return np.array(path[::-1])


def _check(views: Sequence[Keypoints]) -> None:
    if not views:
        raise ValueError("no views to fuse")
    lengths, rates = {len(view) for view in views}, {view.fps for view in views}
    if len(lengths) > 1 or len(rates) > 1:
        raise ValueError(
            f"views must have the same length and fps, got {sorted(lengths)} frames at {sorted(rates)} fps; "
            "trim the videos so that they start and end together"
        )
