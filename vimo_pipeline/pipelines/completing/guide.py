"""A film of how the missing part should look, laid along the motion that misses it."""

from ...motion.mask import Mask
from ..seen import Seen


def laid_along(seen: Seen, mask: Mask, *, start: int) -> Seen:
    """What was seen from a frame of the motion on, for all of its frames; nothing before and behind it.

    Raises ValueError where `start` is no frame of the motion, or nobody is seen where anything is missing.
    """
    frames = len(mask)
    if not 0 <= start < frames:
        raise ValueError(f"guide_start must be a frame of the motion, 0:{frames}, got {start}")
    count = min(len(seen.points), frames - start)
    guide = Seen.nothing(frames)
    guide.points[start : start + count] = seen.points[:count]
    guide.shots[start : start + count] = seen.shots[:count]
    guide.shots[start + count :] = guide.shots[start + count - 1]
    if not (guide.frames() & ~mask.whole_frames).any():
        raise ValueError(
            f"the guide shows nobody in the frames to imagine: it lies along "
            f"{start}:{start + count}, and of the motion the mask\n{mask}"
        )
    return guide
