"""Files that claim more than they hold, and small ones that hold more than a memory does."""

import json
import re
import struct
import zipfile
from pathlib import Path

import numpy as np
import pytest

from vimo_pipeline.video import probe_video, read_frames

from . import healthy
from .archives import bomb, npy, npz, npz_with
from .doors import DOORS
from .watch import TIMES, survives

CLAIMS = {
    "no end": npy("(10**12,)"),
    "a million frames": npy("(1000000, 24, 3)"),
    "terabytes": npy("(1099511627776, 3)"),
    "fewer than none": npy("(-1, 17, 3)"),
    "too many sides": npy(f"({'1,' * 70})"),
    "fractions": npy("(1.5, 3)"),
    "objects": npy("(1,)", "'|O'", b"\x80\x04cos\nsystem\n(S'touch trap'\ntR."),
    "monsters": npy("(1,)", "'|V2147483647'"),
    "structures": npy("(1,)", "[('a', '<f4', (100000, 10000))]"),
    "code": npy("__import__('os').system('touch trap')"),
    "a type of code": npy("(1,)", "__import__('os').system('touch trap')"),
    "words": npy("(2,)", "'<U1000000000'"),
    "dates": npy("(1,)", "'<M8[s]'", bytes(8)),
    "a long head": b"\x93NUMPY\x02\x00" + struct.pack("<I", 2**32 - 1) + b"{'descr': '<f4'",
    "a deep head": npy("(" * 5000 + ")" * 5000),
    "a version to come": b"\x93NUMPY\x09\x00" + bytes(100),
    "nothing": b"",
    "no array": b"hello",
}
INSIDE = {"pack": "pack_a.npz", "smpl": "model.npz"}  # doors of folders: the file in question
NUMBERS = {
    "huge": 2**64 - 1, "NaN": np.nan, "infinity": np.inf, "less than nothing": -1.0, "zero": 0.0,
    "far": 1e38, "farther": 1e300,
    "words": "ten", "many": np.arange(5), "none": np.zeros(0), "yes": True, "complex": 1j,
}  # fmt: skip


def arrays_of(door: str, folder: Path) -> dict[str, np.ndarray]:
    DOORS[door].make(folder / "made")
    with np.load(folder / "made" / INSIDE.get(door, "")) as arrays:
        return {name: arrays[name] for name in arrays if name != "part2num"}  # of objects


def write(door: str, folder: Path, content: bytes) -> Path:
    """The content as what this door opens first."""
    path = folder / ("made" if door in INSIDE else "stranger")
    (path / INSIDE.get(door, "")).write_bytes(content)
    return path


@pytest.mark.parametrize("door", ["keypoints", "amass", "pack", "smpl"])
def test_an_array_that_claims_too_much(door, tmp_path):
    arrays = arrays_of(door, tmp_path)
    for name in arrays:
        for claim in CLAIMS.values():
            survives(DOORS[door].read, write(door, tmp_path, npz_with(arrays, **{name: claim})))


@pytest.mark.parametrize("door", ["keypoints", "amass", "pack", "smpl"])
def test_numbers_that_nothing_has(door, tmp_path):
    arrays = arrays_of(door, tmp_path)
    for name, array in arrays.items():
        for number in NUMBERS.values():
            spoiled = np.full(array.shape, number) if np.ndim(number) == 0 else number
            content = npz_with(arrays | {name: spoiled})
            survives(DOORS[door].read, write(door, tmp_path, content))


@pytest.mark.parametrize("door", ["keypoints", "amass", "pack", "smpl"])
def test_a_zip_bomb_is_refused_unopened(door, tmp_path):
    names = {"keypoints": "keypoints", "amass": "poses", "pack": "poses_q", "smpl": "v_template"}
    name = f"{names[door]}.npy"
    arrays_of(door, tmp_path)
    head = npy("(10000000, 24, 3)")
    said = survives(DOORS[door].read, write(door, tmp_path, bomb(name, 3500, head=head)))
    assert "unpacks to" in said
    for claimed in (0, 100, 1 << 20):
        assert survives(DOORS[door].read, write(door, tmp_path, bomb(name, 3500, claimed=claimed, head=head)))


def test_other_strange_archives(tmp_path):
    path = tmp_path / "stranger"
    evil = {"../trap.npy": npy("(1,)", content=bytes(4)), "/tmp/trap.npy": b"", "a/../../trap": b"", ".": b""}
    many = {f"{number}.npy": b"" for number in range(10_000)}
    path.write_bytes(npz(evil))
    link = zipfile.ZipInfo("keypoints.npy")
    link.external_attr = 0o120777 << 16  # a symbolic link
    with zipfile.ZipFile(tmp_path / "linked", "w") as archive:
        archive.writestr(link, "/etc/passwd")
    for content in (npz(evil), npz(many), npz({}), (tmp_path / "linked").read_bytes()):
        path.write_bytes(content)
        for door in ("keypoints", "amass"):
            assert survives(DOORS[door].read, path)


HARMLESS = (
    "much nothing",
    "far away",
)  # a skeleton of SMPL's names is ours, so its offsets are not looked at
BVH_CLAIMS = {
    "a million frames": ("Frames: 8", "Frames: 1000000"),
    "frames without end": ("Frames: 8", "Frames: 99999999999999999999999"),
    "fewer than none": ("Frames: 8", "Frames: -8"),
    "no frame": ("Frames: 8", "Frames: 0"),
    "no time": ("Frame Time: 0.033", "Frame Time: 0.000"),
    "time backwards": ("Frame Time: 0", "Frame Time: -0"),
    "NaN time": ("Frame Time: 0", "Frame Time: nan"),
    "a billion channels": ("CHANNELS 3", "CHANNELS 1000000000"),
    "no channels": ("CHANNELS 3", "CHANNELS -3"),
    "no skeleton": ("HIERARCHY", "HIERARCHY\nMOTION"),
    "two roots": ("HIERARCHY", "HIERARCHY\nROOT a { }"),
    "a tower of joints": ("OFFSET", "JOINT a { OFFSET 0 0 0 " * 20_000 + "OFFSET"),
    "a tower of ends": ("OFFSET", "End Site { " * 100_000 + "OFFSET"),
    "braces": ("OFFSET", "}" * 100_000 + "OFFSET"),
    "a long word": ("OFFSET", "A" * 5_000_000),
    "much nothing": ("MOTION", " " * 5_000_000 + "MOTION" + " " * 5_000_000),
    "far away": ("OFFSET 0.", "OFFSET 1e308 1e308 1e308 OFFSET 0."),
    "zeros": ("MOTION", "\0" * 100_000 + "MOTION"),
    "not UTF-8": ("HIERARCHY", "HIERARCHY \udcff\udcfe"),
}


@pytest.mark.parametrize("door", ["bvh", "bvh of a rig"])
def test_a_bvh_that_claims_too_much(door, tmp_path):
    path = tmp_path / "stranger"
    DOORS[door].make(path)
    text = path.read_text().replace("Frames: 4", "Frames: 8")
    for claim, (words, others) in BVH_CLAIMS.items():
        path.write_bytes(text.replace(words, others, 1).encode(errors="surrogateescape"))
        assert survives(DOORS[door].read, path) or claim in HARMLESS


def test_a_body_may_be_far_away_but_not_nowhere(tmp_path):
    path = tmp_path / "stranger"
    DOORS["bvh"].make(path)
    head, rows = path.read_text().split("Frame Time: ")
    time, row, *rest = rows.splitlines()
    for number in ("1e30", "1e38", "-1e300", "1e308", "inf", "nan", "1e999"):
        numbers = row.split()
        numbers[:3] = [number] * 3
        path.write_text(f"{head}Frame Time: " + "\n".join([time, " ".join(numbers), *rest]))
        assert survives(DOORS["bvh"].read, path) or number in ("1e30", "1e38")


def test_a_glb_that_claims_too_much(tmp_path):
    path = tmp_path / "stranger"
    DOORS["glb"].make(path)
    whole = path.read_bytes()
    for at in (4, 8, 12, 16, 20):
        for claim in (0, 1, 2**31, 2**32 - 1, len(whole) * 2):
            path.write_bytes(whole[:at] + struct.pack("<I", claim) + whole[at + 4 :])
            survives(DOORS["glb"].read, path)
    size = struct.unpack("<I", whole[12:16])[0]
    for name in ("count", "byteOffset", "byteLength", "byteStride", "componentType", "bufferView", "input"):
        for claim in (-1, 10**6, 2**40, 1e308, "1", None, [], True):
            document = json.loads(whole[20 : 20 + size])
            for part in (
                *document["accessors"],
                *document["bufferViews"],
                *document["animations"][0]["samplers"],
            ):
                part[name] = claim
            path.write_bytes(glb(document, whole[28 + size :]))
            survives(DOORS["glb"].read, path)


def glb(document: dict, binary: bytes) -> bytes:
    text = json.dumps(document).encode()
    chunks = (
        struct.pack("<I4s", len(text), b"JSON") + text + struct.pack("<I4s", len(binary), b"BIN\0") + binary
    )
    return struct.pack("<4sII", b"glTF", 2, 12 + len(chunks)) + chunks


def test_json_without_bottom_or_end(tmp_path):
    path = tmp_path / "stranger"
    person = {"pose_keypoints_2d": [1e400] * 54}
    entry = {"keypoints": [0.5] * 51}
    contents = (
        "[" * 200_000, '{"a":' * 200_000, '{"people": [' + "[" * 50_000 + "]" * 50_000 + "]}",
        json.dumps({"people": [person]}), '{"people": [{"pose_keypoints_2d": [' + "9" * 100_000 + "]}]}",
        json.dumps([entry | {"image_id": f"{number}.jpg"} for number in (0, 10**6)]),
        json.dumps([entry | {"image_id": "9" * 5000 + ".jpg"}]),
        json.dumps([entry | {"image_id": "-1.jpg"}, entry | {"image_id": f"{2**63}.jpg"}]),
        json.dumps([entry | {"image_id": None}]), json.dumps([{"keypoints": [[]] * 51, "image_id": "0"}]),
        '{"people": NaN}', '{"people": [], "people": {}}', '["\\ud800"]', "{}", "[]", '{"people": []}',
        "[[]]",
    )  # fmt: skip
    for content in contents:
        path.write_text(content)
        for door in ("openpose", "names of a rig", "pack"):
            survives(DOORS[door].read, path)


@pytest.mark.skipif(TIMES == 1, reason="takes four seconds; set VIMO_FUZZ")
def test_the_largest_json_of_empty_lists_fits_into_memory(tmp_path):
    path = tmp_path / "stranger"
    path.write_text("[" + "[]," * (10 << 20) + "[]]")
    assert survives(DOORS["alphapose"].read, path)


PLAYLISTS = {
    "HLS": "#EXTM3U\n#EXT-X-MEDIA-SEQUENCE:0\n#EXTINF:10.0,\n{secret}\n#EXT-X-ENDLIST\n",
    "concat": "ffconcat version 1.0\nfile {secret}\n",
    "DASH": '<MPD><Period><AdaptationSet mimeType="video/mp4"><Representation><BaseURL>{secret}</BaseURL>',
    "SDP": "v=0\no=- 0 0 IN IP4 127.0.0.1\nc=IN IP4 127.0.0.1\nm=video 5000 RTP/AVP 96\n",
    "a picture with links": '<svg xmlns="http://www.w3.org/2000/svg"><image href="{secret}"/></svg>',
    "subtitles": "1\n00:00:00,000 --> 10:00:00,000\n{secret}\n",
}


@pytest.mark.parametrize("kind", PLAYLISTS)
def test_a_video_leads_to_no_other_file(kind, tmp_path):
    healthy.video(".mp4", "-pix_fmt", "yuv420p")(tmp_path / "secret.mp4")
    path = tmp_path / "stranger"
    path.write_text(PLAYLISTS[kind].format(secret=tmp_path / "secret.mp4"))
    assert survives(DOORS["mp4"].read, path)


def test_pictures_that_no_memory_holds_and_shows_without_end(tmp_path):
    path = tmp_path / "stranger"
    healthy.video(".gif")(path)
    whole = path.read_bytes()
    for side in (0, 20_000, 65_535):
        path.write_bytes(whole[:6] + struct.pack("<HH", side, side) + whole[10:])
        survives(DOORS["gif"].read, path)
    slow = re.sub(rb"\x21\xf9\x04(.)..", b"\x21\xf9\x04\\1\xff\xff", whole, flags=re.DOTALL)
    path.write_bytes(slow)
    assert probe_video(path).seconds > 3000  # eleven minutes a picture
    assert sum(1 for frame in read_frames(path, fps=2)) > 6000
    assert len(slow) < 10_000


def test_music_that_claims_too_much(tmp_path):
    path = tmp_path / "stranger"
    DOORS["wav"].make(path)
    whole = path.read_bytes()
    for at, size in ((4, "I"), (16, "I"), (20, "H"), (22, "H"), (24, "I"), (32, "H"), (34, "H"), (40, "I")):
        largest = 2 ** (8 * struct.calcsize(size)) - 1
        for claim in (0, 1, largest // 2, largest):
            path.write_bytes(
                whole[:at] + struct.pack(f"<{size}", claim) + whole[at + struct.calcsize(size) :]
            )
            survives(DOORS["wav"].read, path)


def test_a_day_of_music_in_a_megabyte(tmp_path):
    import soundfile

    path = tmp_path / "stranger"
    soundfile.write(path, np.zeros(24 * 3600 * 1000, np.int16), 1000, format="FLAC", subtype="PCM_16")
    assert path.stat().st_size < 1 << 20
    assert "1440 minutes long" in survives(DOORS["flac"].read, path)


@pytest.mark.parametrize("number", [np.nan, np.inf, -np.inf, 3e38, 1e-40])
def test_music_of_numbers_that_nobody_hears(number, tmp_path):
    import soundfile

    path = tmp_path / "stranger"
    soundfile.write(path, np.full(30_000, number, np.float32), 22_050, format="WAV", subtype="FLOAT")
    assert survives(DOORS["wav"].read, path) or np.isfinite(number)
