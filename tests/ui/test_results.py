import zipfile

from vimo_pipeline.ui.endpoints.results import keep_only, one_file


def test_one_file_stays_as_it_is_and_several_become_one_zip(tmp_path):
    paths = [tmp_path / "a.bvh", tmp_path / "a.1.bvh"]
    for number, path in enumerate(paths):
        path.write_text(str(number))
    assert one_file(paths[:1]) == paths[0]
    with zipfile.ZipFile(one_file(paths)) as zipped:
        assert zipped.namelist() == ["a.bvh", "a.1.bvh"] and zipped.read("a.1.bvh") == b"1"


def test_only_what_is_wanted_stays(tmp_path):
    for name in ("a", "b", "c"):
        (tmp_path / name).touch()
    keep_only(tmp_path, [tmp_path / "b", None])
    assert [path.name for path in tmp_path.iterdir()] == ["b"]
