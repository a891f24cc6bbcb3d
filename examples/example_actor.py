"""Dress the plain body for the example video: shirt, trousers, shoes, hair and a face, painted on the T-pose.

A pose estimator wants what it learned from: without eyes, mouth and dark hair it mixes up front and back.
"""

from dataclasses import dataclass, replace

import numpy as np
from numpy import ndarray

from vimo_pipeline.motion.body import Body, load_body, vertex_normals

SKIN, LIPS, BROW, HAIR = (212, 160, 132), (178, 104, 94), (62, 44, 36), (52, 38, 32)
EYE_WHITE, IRIS = (240, 236, 230), (48, 34, 28)
SHIRT, SHIRT_TRIM = (196, 84, 62), (232, 224, 208)
TROUSERS, SHOES, SOLES = (52, 66, 92), (226, 222, 214), (120, 116, 112)

HEM, CUFF, SLEEVE = -0.085, -0.865, 0.37  # where shirt, trousers and sleeves end in T-pose, metres
REFINEMENTS = 3
MOUTH, EYES, BROWS = (0.0, 0.634), (0.032, 0.709), (0.034, 0.729)  # |x|, y in T-pose


@dataclass(frozen=True)
class Actor:
    """A dressed body and the colour of each of its finer faces."""

    body: Body
    faces: ndarray  # [F, 3] into vertices and the edge midpoints that `refine` adds
    edges: tuple[ndarray, ...]  # the vertex pairs whose midpoints are added, one array a refinement
    colours: ndarray  # [F, 3] 0..255

    def refine(self, vertices: ndarray) -> ndarray:
        """Skinned vertices [V, 3] with the midpoints of their edges appended."""
        for pairs in self.edges:
            vertices = np.concatenate([vertices, vertices[pairs].mean(1)])
        return vertices


def dressed_actor() -> Actor:
    """The body that comes with ViMo in everyday clothes."""
    body = _with_volume(load_body())
    vertices, faces = body.vertices.numpy(), body.faces.numpy()
    edges = []
    for _ in range(REFINEMENTS):
        pairs, faces = _split(faces, _needs_detail(vertices, faces), len(vertices))
        vertices = np.concatenate([vertices, vertices[pairs].mean(1)])
        edges.append(pairs)
    return Actor(body, faces, tuple(edges), _colours(vertices[faces].mean(1)))


def _needs_detail(vertices: ndarray, faces: ndarray) -> ndarray:
    """Triangles across the border of two colours, and larger ones where eyes could slip through. [F]"""
    corners = vertices[faces]
    colours = _colours(corners.reshape(-1, 3)).reshape(-1, 3, 3)
    border = (colours != colours[:, :1]).any((1, 2))
    size = np.linalg.norm(corners - np.roll(corners, 1, 1), axis=-1).max(1)
    on_face = (corners[:, :, 1:] > (0.6, 0.06)).all((1, 2))
    return (border & (size > 0.003)) | (on_face & (size > 0.008))


def _with_volume(body: Body) -> Body:
    """Cloth and hair stand off the skin."""
    points = body.vertices.numpy()
    y = points[:, 1]
    hair, shirt, trousers = _is_hair(points), _is_shirt(points), _is_trousers(points)
    waist = np.exp(-(((y + 0.02) / 0.10) ** 2))  # a shirt hangs loose at its hem
    thickness = 0.017 * hair + shirt * (0.009 + 0.012 * waist) + trousers * (0.008 + 0.010 * (y < -0.45))
    outward = vertex_normals(body.vertices, body.faces).numpy()
    return replace(body, vertices=body.vertices + body.vertices.new_tensor(outward * thickness[:, None]))


def _split(faces: ndarray, chosen: ndarray, count: int) -> tuple[ndarray, ndarray]:
    """Cut each chosen triangle into four. Gives the edges that get a midpoint and the new faces."""
    sides = np.sort(faces[chosen][:, [[0, 1], [1, 2], [2, 0]]], -1)
    pairs, inverse = np.unique(sides.reshape(-1, 2), axis=0, return_inverse=True)
    a, b, c = faces[chosen].T
    ab, bc, ca = (count + inverse.reshape(-1, 3)).T
    four = [(a, ab, ca), (ab, b, bc), (ca, bc, c), (ab, bc, ca)]
    return pairs, np.concatenate([faces[~chosen], *(np.stack(corners, -1) for corners in four)])


def _colours(points: ndarray) -> ndarray:
    """The colour at each point of the T-pose, [N, 3] -> [N, 3]; later lines paint over earlier ones."""
    x, y, z = points.T
    side = np.abs(x)
    colours = np.tile(np.array(SKIN, float), (len(points), 1))
    colours[_is_trousers(points)] = TROUSERS
    colours[_is_shirt(points)] = SHIRT
    colours[_is_shirt(points) & ((side > SLEEVE - 0.014) | (_neckline(points) > -0.012))] = SHIRT_TRIM
    colours[y < CUFF - 0.02] = SHOES
    colours[y < -0.952] = SOLES
    front = z > 0.06
    colours[front & _ellipse(side, y, EYES, (0.0165, 0.0085))] = EYE_WHITE
    colours[front & _ellipse(side, y, EYES, (0.0080, 0.0085))] = IRIS
    colours[front & _ellipse(side, y, BROWS, (0.0210, 0.0050))] = BROW
    colours[front & _ellipse(side, y, MOUTH, (0.0260, 0.0085))] = LIPS
    colours[_is_hair(points)] = HAIR
    return colours


def _is_hair(points: ndarray) -> ndarray:
    """Short hair: above the brow in front, above the ears at the sides, down to the nape behind."""
    x, y, z = points.T
    edge = np.interp(z, [-0.04, -0.01, 0.03, 0.07, 0.10, 0.14], [0.615, 0.66, 0.725, 0.745, 0.765, 0.775])
    return (y > edge) & (np.abs(x) < 0.084 + 0.5 * (y > 0.73))


def _is_shirt(points: ndarray) -> ndarray:
    x, y, _ = points.T
    return (y > HEM) & (np.abs(x) < SLEEVE) & (_neckline(points) < 0)


def _neckline(points: ndarray) -> ndarray:
    """Metres above the collar, which is lower in front."""
    x, y, z = points.T
    return y - (0.495 - 0.5 * (z + 0.04)).clip(0.44, 0.51) - 0.40 * np.abs(x)


def _is_trousers(points: ndarray) -> ndarray:
    x, y, _ = points.T
    return (y <= HEM + 0.01) & (y > CUFF) & (np.abs(x) < 0.3)


def _ellipse(x: ndarray, y: ndarray, middle: tuple[float, float], radii: tuple[float, float]) -> ndarray:
    return ((x - middle[0]) / radii[0]) ** 2 + ((y - middle[1]) / radii[1]) ** 2 < 1
