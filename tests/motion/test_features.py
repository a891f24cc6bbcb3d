"""The 151 numbers a frame: packed, unpacked and refused."""

import pytest
import torch
from torch.testing import assert_close

from vimo_pipeline.motion import Motion
from vimo_pipeline.motion.features import NUM_FEATURES, MotionFeatures, split_features, unpack_features
from vimo_pipeline.motion.rotations import matrix_to_6d, quaternion_to_matrix


def test_pack_and_unpack_are_inverse(walk):
    features = walk.pack()
    assert features.shape == (len(walk), NUM_FEATURES) == (61, 151)
    back = Motion.unpack(features, fps=walk.fps)
    assert_close(back.matrices(), walk.matrices())
    assert_close(back.root, walk.root)
    assert_close(back.contacts, walk.contacts)
    assert_close(back.pack(), features)


@pytest.mark.parametrize("batch", [(), (2,), (2, 3, 4)])
def test_any_batch_shape(batch):
    generator = torch.Generator().manual_seed(0)
    matrices = quaternion_to_matrix(torch.randn(*batch, 24, 4, generator=generator).double())
    contacts, root = torch.rand(*batch, 4).double(), torch.randn(*batch, 3).double()
    back = unpack_features(MotionFeatures(matrices, contacts, root).pack())
    assert_close(back.rotations, matrices)
    assert_close(back.contacts, contacts)
    assert_close(back.root, root)


def test_raw_rotations_are_not_made_orthonormal():
    features = torch.randn(5, NUM_FEATURES, generator=torch.Generator().manual_seed(0))
    sixd, contacts, root = split_features(features)
    assert_close(torch.cat([sixd.flatten(-2), contacts, root], -1), features)
    assert not torch.allclose(matrix_to_6d(unpack_features(features).rotations), sixd)


def test_unpacked_contacts_are_clipped():
    features = torch.randn(5, NUM_FEATURES, generator=torch.Generator().manual_seed(0)) * 3
    contacts = Motion.unpack(features).contacts
    assert contacts.min() >= 0
    assert contacts.max() <= 1


@pytest.mark.parametrize("door", [unpack_features, split_features, Motion.unpack])
def test_wrong_number_of_features_raises(door):
    with pytest.raises(ValueError, match="151 features"):
        door(torch.zeros(5, 263))  # HumanML3D's features
