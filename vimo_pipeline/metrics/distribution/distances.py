"""How far apart two sets of features are, and how varied one is. Sets are [N, D], one row a clip."""

import torch
from torch import Tensor

_ROWS = 2048  # of a kernel matrix at a time: memory


def z_scored(generated: Tensor, reference: Tensor) -> tuple[Tensor, Tensor]:
    """Both sets in units of the reference: minus its mean, over its standard deviation + 1e-10 (Bailando).

    Features that the reference never varies have no unit; they are left out, [N, D] -> [N, D'].
    """
    _check_sets(generated, reference)
    generated, reference = generated.double(), reference.double()
    mean, spread = reference.mean(0), reference.std(0, correction=0)
    varies = spread > 1e-9 * mean.abs().clamp(min=1e-3)
    if not varies.any():
        raise ValueError(
            f"all {len(reference)} reference clips have the same features: nothing to compare with"
        )
    return tuple(((rows - mean) / (spread + 1e-10))[:, varies] for rows in (generated, reference))


def frechet_distance(generated: Tensor, reference: Tensor) -> float:
    """Fréchet distance of the normal distributions with the sets' means and covariances (Heusel et al. 2017).

    |m1 - m2|² + Tr(S1 + S2 - 2 (S1^½ S2 S1^½)^½), no unit; 0 is perfect, but only for endless sets. It is
    biased upwards by about C (1/N1 + 1/N2), so read it beside `same_size_floor`.
    """
    _check_sets(generated, reference)
    generated, reference = generated.double(), reference.double()
    first, second = _covariance(generated), _covariance(reference)
    # The eigenvalues of (S1^½ S2 S1^½)^½ are the singular values of S1^½ S2^½: no root of rounding errors.
    overlap = torch.linalg.svdvals(_square_root(first) @ _square_root(second)).sum()
    apart = (generated.mean(0) - reference.mean(0)).square().sum()
    return float(apart + first.trace() + second.trace() - 2 * overlap)


def kernel_distance(generated: Tensor, reference: Tensor) -> float:
    """KID: unbiased squared maximum mean discrepancy with kernel (x·y / D + 1)³ (Bińkowski et al. 2018).

    No unit. Two sets of one distribution give 0 on average at any size, so it may be a little below 0. The
    cube makes it large and its interval wide where clips show what the reference hardly ever does.
    """
    _check_sets(generated, reference)
    generated, reference = generated.double(), reference.double()
    within = _mean_of_pairs(generated) + _mean_of_pairs(reference)
    across = _kernel_sum(generated, reference) / (len(generated) * len(reference))
    return within - 2 * across


def diversity(features: Tensor) -> float:
    """Div: mean Euclidean distance of all pairs, [N, D] -> a number; in z-scored space, as FID.

    Good is the value of the reference, not a large one: noise is more varied than dance, copies of one clip
    give 0. A normal distribution of D independent features has nearly √(2D): 12 for 72, 8 for 32.
    """
    _check_sets(features, features)
    return float(torch.pdist(features.double()).mean())


def _covariance(rows: Tensor) -> Tensor:
    centred = rows - rows.mean(0)
    return centred.mT @ centred / (len(rows) - 1)


def _square_root(covariance: Tensor) -> Tensor:
    values, vectors = torch.linalg.eigh(covariance)
    return (vectors * values.clamp(min=0).sqrt()) @ vectors.mT


def _mean_of_pairs(rows: Tensor) -> float:
    """Mean kernel of two different rows."""
    alone = float((rows.square().mean(-1) + 1).pow(3).sum())
    return (_kernel_sum(rows, rows) - alone) / (len(rows) * (len(rows) - 1))


def _kernel_sum(a: Tensor, b: Tensor) -> float:
    blocks = ((rows @ b.mT / a.shape[-1] + 1).pow(3).sum() for rows in a.split(_ROWS))
    return float(sum(blocks))


def _check_sets(generated: Tensor, reference: Tensor) -> None:
    if generated.ndim != 2 or reference.ndim != 2 or generated.shape[1] != reference.shape[1]:
        raise ValueError(
            f"features must be [N, D] with one D, got {list(generated.shape)} and {list(reference.shape)}"
        )
    fewest = min(len(generated), len(reference))
    if fewest < 2:
        raise ValueError(f"a covariance needs at least 2 clips a set, got {fewest}")
