"""How casually a clip is filmed and how badly it is seen: what training draws, and three levels for tests."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Casual:
    """Shares of clips and sizes of errors; the defaults are what training sees.

    `film` reads how the camera is held and `detect` how well the detector does.
    """

    cut_share: float = 0.15
    """Of clips hold a shot cut."""
    following_share: float = 0.4
    """Of cameras are carried along with the person."""
    panning_share: float = 0.2
    """Of cameras stay where they are and turn after the person; the rest neither."""
    moving_share: float = 0.5
    """Of cameras wander round the person, come closer or go away; and as many roll."""
    zooming_share: float = 0.2
    """Of cameras change their focal length slowly."""
    shaking_share: float = 0.5
    """Of cameras are held in the hand."""
    cropped_share: float = 0.2
    """Of cameras whose picture ends where the person may go on."""
    noise_scale: float = 1.0
    """Times the deviation of every keypoint and the share of clips with left and right exchanged."""
    hardest: float = 2.0
    """Clips are seen up to so many times worse than rendered people, who are well lit and plainly dressed;
    every factor from 1 to this is as likely on a logarithmic scale."""
    loss_scale: float = 1.0
    """Times the share of clips with lost limbs or somebody else's keypoints."""


TRAINING = Casual()

_TRIPOD = Casual(
    cut_share=0.0, following_share=0.0, panning_share=0.0, moving_share=0.0, zooming_share=0.0,
    shaking_share=0.0, cropped_share=0.0, noise_scale=0.3, loss_scale=0.0,
)  # fmt: skip
_IN_THE_HAND = Casual(  # and as noisy as mediapipe was measured to be
    cut_share=0.0, moving_share=1.0, zooming_share=1.0, shaking_share=1.0, cropped_share=0.05, loss_scale=0.3,
    hardest=1.0,
)  # fmt: skip
_EVERYTHING_AT_ONCE = Casual(
    cut_share=1.0, moving_share=1.0, zooming_share=1.0, shaking_share=1.0, loss_scale=4.0
)
LEVELS = {
    "static clean": _TRIPOD,
    "moving and noisy": _IN_THE_HAND,
    "cuts and occlusion": _EVERYTHING_AT_ONCE,
}
