"""Figures that say how good a motion is."""

from .beat_score import BeatScore, beat_score
from .beats import motion_beats
from .best_of import BestOf, best_of
from .calibration import Calibration, calibration
from .distribution import DistributionScores, distribution_scores
from .feet import contact_f1, foot_skate, foot_skating_ratio
from .ground import GroundPenetration, ground_penetration
from .limited_data import (
    LimitedData,
    global_diversity,
    limited_data,
    local_diversity,
    rotation_features,
    training_coverage,
)
from .music_beats import music_beats
from .partner import PartnerScores, partner_scores, scores_over_strength
from .person_frames import person_frame_coverage
from .physical_contact import PhysicalContact, physical_contact, static_pose, whole_clip_contact
from .pose_error import mpjpe, pa_mpjpe, procrustes, similarity
from .smoothness import acceleration_error, jitter
from .world import root_trajectory_error, w_mpjpe, wa_mpjpe

__all__ = [
    "BeatScore",
    "BestOf",
    "Calibration",
    "DistributionScores",
    "GroundPenetration",
    "LimitedData",
    "PartnerScores",
    "PhysicalContact",
    "acceleration_error",
    "beat_score",
    "best_of",
    "calibration",
    "contact_f1",
    "distribution_scores",
    "foot_skate",
    "foot_skating_ratio",
    "global_diversity",
    "ground_penetration",
    "jitter",
    "limited_data",
    "local_diversity",
    "motion_beats",
    "mpjpe",
    "music_beats",
    "pa_mpjpe",
    "partner_scores",
    "person_frame_coverage",
    "physical_contact",
    "procrustes",
    "root_trajectory_error",
    "rotation_features",
    "scores_over_strength",
    "similarity",
    "static_pose",
    "training_coverage",
    "w_mpjpe",
    "wa_mpjpe",
    "whole_clip_contact",
]
