"""The group of figures for partners that were generated to humans."""

from collections.abc import Mapping

from ...motion import Motion
from ..partner import partner_scores
from ..physical_contact import FPS
from .figures import Figure, Group


def partners(generated: Mapping[str, Motion], humans: Mapping[str, Motion]) -> Group:
    """FID of poses, mimicry and diversity of partners beside those of the humans of the same name, at 30 fps.

    Pairs are cut to the shortest, as all clips must have one length.
    """
    names = [name for name in humans if name in generated]
    pairs = [[motions[name].resample(FPS) for name in names] for motions in (generated, humans)]
    if len(names) < 4:
        raise ValueError(
            f"partner figures need four motions or more with the name of a human, got {len(names)}"
        )
    frames = min(len(motion) for motions in pairs for motion in motions)
    found = partner_scores(*([motion.frames(0, frames) for motion in motions] for motions in pairs))
    figures = (
        Figure("FID of poses", "m²", found.fid, beside=found.fid_floor),
        Figure("mimicry", "", found.mimicry, beside=0.0),
        Figure("diversity", "m", found.diversity, beside=found.human_diversity),
    )
    notes = (f"{len(names)} pairs of {frames / FPS:.1f} s; mimicry is 0 by chance and 1 for a copy",)
    return Group("partners", "", "humans", figures, notes)
