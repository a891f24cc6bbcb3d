"""`vimo export`: a motion file into another format, or into meshes."""

import sys
from dataclasses import dataclass
from pathlib import Path

import tyro
from tqdm import tqdm

from ..export import load_motion, save_motion
from ..export.meshes import MeshFormat, write_meshes
from ..export.meshes_smpl import load_smpl
from ..motion import Motion


@dataclass(frozen=True)
class Export:
    """Turn a motion file into another format, or into one mesh a frame."""

    input: tyro.conf.Positional[Path]
    """A motion: BVH, GLB, NPZ or PKL."""
    out: Path
    """A file that ends in .bvh, .glb, .npz or .pkl; of meshes, a new folder."""
    meshes: MeshFormat | None = None
    """Write one mesh a frame instead."""
    every: int = 1
    """Of the meshes, write every so many frames one."""
    smpl: Path | None = None
    """Your own SMPL, SMPL-H or SMPL-X model as NPZ; the meshes are its. Without, they are the free body's."""

    def run(self) -> None:
        """Write, and say where."""
        if self.smpl and not self.meshes:
            raise ValueError("--smpl is for --meshes obj, ply or glb; the other formats hold no SMPL mesh")
        motion = load_motion(self.input)
        if self.meshes:
            self._write_meshes(motion, self.meshes)
            return
        self.out.parent.mkdir(parents=True, exist_ok=True)
        save_motion(motion, self.out)
        sys.stdout.write(f"{self.out}\n")

    def _write_meshes(self, motion: Motion, kind: MeshFormat) -> None:
        body = load_smpl(self.smpl) if self.smpl else None
        self.out.parent.mkdir(parents=True, exist_ok=True)
        with tqdm(total=len(range(0, len(motion), max(self.every, 1))), unit="mesh") as bar:
            options = {"kind": kind, "body": body, "every": self.every}
            paths = write_meshes(motion, self.out, progress=bar.update, **options)
        sys.stdout.write(f"{len(paths)} meshes, {paths[0]} to {paths[-1].name}\n")
