"""When does a foot stand long enough to be held? Spans of contact for each of the four contact joints."""

import torch
from torch import Tensor

from .skeleton import CONTACT_JOINTS, joint_indices

# Log-odds of contact = 3.6 contact - 1.6 ln(speed + 0.1 m/s) - 2.0: logistic regression from what the base
# weights predict for training motions (F1 0.86; the label alone 0.80, the speed alone 0.69). Height, frames
# before and after and the other joint of the foot add less than 0.01.
_OF_CONTACT, _OF_SPEED, _OF_NOTHING = 3.6, -1.6, -2.0
_STARTS, _STAYS = 0.5, 0.3  # the probability that starts a span and the one that ends it
_LEAST_CONTACT = 0.1  # somewhere in a span: speed alone plants nothing
_SHORTEST = 0.2  # seconds: shorter spans are dropped
_LONGEST_GAP = 0.17  # seconds: shorter gaps are closed
_FURTHEST = 0.1  # metres from the middle of its span: a foot that goes further makes small steps
_PAUSE = 0.2  # seconds between the two parts of a span that goes further

Span = tuple[int, int]  # first frame and the one after the last


def planted_spans(joints: Tensor, contacts: Tensor, *, fps: float) -> list[list[Span]]:
    """For each contact joint the spans in which it stands; joints [T, 24, 3] metres, contacts [T, 4]."""
    feet = joints[:, joint_indices(CONTACT_JOINTS)]
    chance = contact_chance(feet, contacts, fps=fps)
    return [
        _spans(feet[:, joint], chance[:, joint], contacts[:, joint], fps)
        for joint in range(len(CONTACT_JOINTS))
    ]


def contact_chance(feet: Tensor, contacts: Tensor, *, fps: float) -> Tensor:
    """Probability of contact from a label and the speed. feet: [T, 4, 3]; contacts: [T, 4] -> [T, 4]."""
    if len(feet) < 2:
        return contacts
    speed = feet.diff(dim=0).norm(dim=-1) * fps
    return label_chance(contacts, torch.cat([speed, speed[-1:]]))


def label_chance(contacts: Tensor, speed: Tensor) -> Tensor:
    """Probability of contact from a label between 0 and 1 and the speed in m/s, any shape."""
    return (_OF_CONTACT * contacts + _OF_SPEED * (speed + 0.1).log() + _OF_NOTHING).sigmoid()


def runs(flags: Tensor) -> list[Span]:
    """Where a row of flags, [T], is set without a break."""
    edges = torch.nn.functional.pad(flags.int(), (1, 1)).diff().nonzero()[:, 0].tolist()
    return list(zip(edges[::2], edges[1::2], strict=True))


def _spans(path: Tensor, chance: Tensor, contact: Tensor, fps: float) -> list[Span]:
    sure = [
        (start, stop)
        for start, stop in runs(chance > _STAYS)
        if chance[start:stop].max() > _STARTS and contact[start:stop].max() > _LEAST_CONTACT
    ]
    # A label speaks of the step to the next frame, so that one stands as well.
    last = [(start, min(stop + 1, len(path))) for start, stop in sure]
    parts = [part for span in _closed(last, _LONGEST_GAP * fps) for part in _held(span, path, fps)]
    return [(start, stop) for start, stop in parts if stop - start >= min(_SHORTEST * fps, len(path))]


def _closed(spans: list[Span], gap: float) -> list[Span]:
    """Neighbours that are less than a gap apart become one."""
    joined: list[Span] = []
    for start, stop in spans:
        if joined and start - joined[-1][1] < gap:
            start = joined.pop()[0]
        joined.append((start, stop))
    return joined


def _held(span: Span, path: Tensor, fps: float) -> list[Span]:
    """A span, taken apart where its joint is fastest until no part strays too far."""
    start, stop = span
    inside, pause = path[start:stop], max(1, round(_PAUSE * fps))
    if stop <= start or _strays(inside) < _FURTHEST:
        return [span]
    if stop - start <= pause:
        return []
    moved = (inside[pause:] - inside[:-pause]).norm(dim=-1)  # during every pause that there could be
    cut = start + int(moved.argmax())
    return _held((start, cut + 1), path, fps) + _held((cut + pause, stop), path, fps)


def _strays(path: Tensor) -> Tensor:
    return (path - path.mean(0)).square().sum(-1).max().sqrt()
