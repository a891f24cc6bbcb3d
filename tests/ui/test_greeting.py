import torch

from vimo_pipeline.motion.skeleton import joint_index
from vimo_pipeline.ui.tabs.greeting import greeting


def test_it_loops_without_a_seam():
    motion = greeting()
    torch.testing.assert_close(motion.rotations[0], motion.rotations[-1], atol=1e-4, rtol=0)
    torch.testing.assert_close(motion.root[0], motion.root[-1], atol=1e-5, rtol=0)


def test_the_right_hand_is_up_and_moves_and_the_feet_stay():
    joints = greeting().joints()
    hand, head = joints[:, joint_index("right_wrist")], joints[:, joint_index("head")]
    assert hand[:, 1].min() > head[:, 1].min() - 0.15
    assert hand[:, 0].max() - hand[:, 0].min() > 0.1
    feet = joints[:, [joint_index("left_foot"), joint_index("right_foot")]]
    assert feet.std(0).max() < 0.02 and feet[..., 1].min() > 0
