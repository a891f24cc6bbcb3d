import pytest

from vimo_pipeline.keypoints import get_estimator


@pytest.mark.parametrize("name", ["openpose", "model.pth", ""])
def test_unknown_names_list_what_there_is(name):
    with pytest.raises(ValueError, match=r"mediapipe.*rtmpose.*\.task or \.onnx"):
        get_estimator(name)


@pytest.mark.parametrize("name, source", [("a.task", "ai.google.dev"), ("a.onnx", "openmmlab")])
def test_a_missing_model_says_where_to_get_it(tmp_path, name, source):
    with pytest.raises(FileNotFoundError, match=source):
        get_estimator(tmp_path / name)


def test_a_broken_task_file_is_refused(tmp_path):
    pytest.importorskip("mediapipe")
    (tmp_path / "a.task").write_bytes(b"no model")
    with pytest.raises(ValueError, match="not a pose landmarker"):
        get_estimator(tmp_path / "a.task")
