"""Whether generated clips, as a set, are distributed as real ones: FID, KID and diversity of dance papers."""

from .distances import diversity, frechet_distance, kernel_distance, z_scored
from .joints_at_60 import joints_at_60
from .kinetic import kinetic_features
from .manual import manual_features
from .scores import DistributionScores, Score, clip_features, compare_features, distribution_scores
from .small_samples import Floor, Interval, half_sample_interval, same_size_floor

__all__ = [
    "DistributionScores",
    "Floor",
    "Interval",
    "Score",
    "clip_features",
    "compare_features",
    "distribution_scores",
    "diversity",
    "frechet_distance",
    "half_sample_interval",
    "joints_at_60",
    "kernel_distance",
    "kinetic_features",
    "manual_features",
    "same_size_floor",
    "z_scored",
]
