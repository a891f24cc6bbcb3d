"""Meshes out: one OBJ, PLY or GLB a frame, of the CC0 body or of a user's own SMPL file."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, Literal, get_args

from numpy import ndarray

from ..motion import Motion
from ..motion.body import Body, load_body, skin
from ..whole_file import whole_folder
from .meshes_smpl import SmplBody, skin_smpl

MeshFormat = Literal["obj", "ply", "glb"]
CHUNK = 32  # frames skinned at once


def write_meshes(
    motion: Motion,
    folder: str | Path,
    *,
    kind: MeshFormat = "obj",
    body: Body | SmplBody | None = None,
    every: int = 1,
    progress: Callable[[int], None] | None = None,
) -> list[Path]:
    """Write frame 0, `every`, 2 `every`, ... to FOLDER/000000.obj and so on: y up, metres, faces outwards.

    The folder is new or empty, and comes whole or not at all. body: the CC0 body unless given; one that
    `load_smpl` read has the vertices and faces of that model. `progress` hears of the files one by one.

        write_meshes(motion, "outputs/meshes", kind="ply", body=load_smpl("SMPL_NEUTRAL.npz"))
    """
    folder = Path(folder)
    if kind not in get_args(MeshFormat):
        raise ValueError(f"meshes can be {', '.join(get_args(MeshFormat))}, not {kind!r}")
    if every < 1:
        raise ValueError(f"every must be at least 1, which is every frame; got {every}")
    if folder.exists() and not (folder.is_dir() and not any(folder.iterdir())):
        raise ValueError(f"{folder} is there and not empty; meshes go into a folder of their own")
    trimesh = _import_trimesh()
    body = body or load_body()
    faces, names = body.faces.numpy(), []
    with whole_folder(folder) as partial:
        for frame, vertices in _skinned(motion, body, every):
            names.append(f"{frame:06d}.{kind}")
            mesh = trimesh.Trimesh(vertices, faces, process=False)  # else vertices would be merged and moved
            mesh.export(partial / names[-1])
            if progress is not None:
                progress(1)
    return [folder / name for name in names]


def _skinned(motion: Motion, body: Body | SmplBody, every: int) -> Iterator[tuple[int, ndarray]]:
    """Frame numbers and vertices [V, 3]."""
    columns = (motion.rotations, motion.root, motion.contacts)
    thin = Motion(*(column[::every] for column in columns), motion.fps / every)
    for start in range(0, len(thin), CHUNK):
        part = thin.frames(start, min(start + CHUNK, len(thin)))
        vertices = skin_smpl(body, part) if isinstance(body, SmplBody) else skin(body, part)
        yield from ((every * frame, mesh) for frame, mesh in enumerate(vertices.cpu().numpy(), start))


def _import_trimesh() -> Any:
    try:
        import trimesh
    except ImportError as error:
        raise ImportError("meshes need trimesh: pip install 'vimo-pipeline[smpl]'") from error
    return trimesh
