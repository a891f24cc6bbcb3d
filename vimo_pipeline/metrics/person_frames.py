"""For how many frames of people there is an answer at all."""

from torch import Tensor


def person_frame_coverage(present: Tensor, answered: Tensor) -> float:
    """Share of the frames with a person for which there is a motion, in [0, 1]; 1 is best.

    present, answered: booleans of one shape, such as [people, frames]. Errors are means over answered frames,
    so leaving out hard ones makes them smaller: print this beside every error. `present` is the truth, or
    `keypoints.confidence.any(-1)`; frames answered without a person do not count. Concatenate clips rather
    than averaging their shares, or short ones weigh more.
    """
    if present.shape != answered.shape:
        raise ValueError(
            f"present and answered must have one shape, got {list(present.shape)} and {list(answered.shape)}"
        )
    present, answered = present.bool(), answered.bool()
    if not present.any():
        raise ValueError("nobody is present in any frame, so no share of them can be answered")
    return float((present & answered).sum() / present.sum())
