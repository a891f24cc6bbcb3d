import numpy as np
import pytest

from vimo_pipeline.export.render import Camera, Light, draw_grid, draw_mesh, draw_shadow, fixed_point

pytest.importorskip("cv2")

CUBE_CORNERS = np.array([(x, y, z) for x in (-1, 1) for y in (-1, 1) for z in (-1, 1)], float)
CUBE_FACES = np.array(
    [
        (0, 1, 3), (0, 3, 2), (4, 6, 7), (4, 7, 5), (0, 4, 5), (0, 5, 1),
        (2, 3, 7), (2, 7, 6), (0, 2, 6), (0, 6, 4), (1, 5, 7), (1, 7, 3),
    ]
)  # fmt: skip
WHITE = np.full((len(CUBE_FACES), 3), 255.0)


def front_camera(**changes) -> Camera:
    view = {"position": np.array([0, 1, 5.0]), "target": np.array([0, 1, 0.0]), "field_of_view": 0.8}
    return Camera(**{**view, "width": 64, "height": 48, **changes})


def black(camera: Camera) -> np.ndarray:
    return np.zeros((camera.height, camera.width, 3), np.uint8)


def cube(*, size: float = 0.3, x: float = 0.0, y: float = 1.0, z: float = 0.0) -> np.ndarray:
    return size * CUBE_CORNERS + [x, y, z]


def draw_cube(image: np.ndarray, camera: Camera, vertices: np.ndarray, colours: np.ndarray = WHITE) -> None:
    draw_mesh(image, vertices, CUBE_FACES, camera=camera, colours=colours, light=Light())


def test_the_target_is_in_the_middle():
    camera = front_camera(position=np.array([1.0, 2.0, 3.0]), roll=0.3)
    pixels, depth = camera.world_to_pixels(camera.target)
    assert pixels == pytest.approx([32, 24])
    assert depth == pytest.approx(np.sqrt(1 + 1 + 9))


def test_projection_agrees_with_a_pinhole():
    x, y, away = 0.4, 0.3, 5.0
    focal = 24 / np.tan(0.4)
    pixels, depth = front_camera().world_to_pixels([x, 1 + y, 0])
    assert depth == pytest.approx(away)
    assert pixels == pytest.approx([32 + focal * x / away, 24 - focal * y / away])


def test_field_of_view_spans_the_height():
    top = [0, 1 + 5 * np.tan(0.4), 0]
    assert front_camera().world_to_pixels(top)[0][1] == pytest.approx(0)


def test_axes_are_a_rotation():
    axes = front_camera(position=np.array([2.0, 3, -1]), roll=0.7).axes()
    np.testing.assert_allclose(axes @ axes.T, np.eye(3), atol=1e-12)
    assert np.linalg.det(axes) == pytest.approx(1)


def test_a_positive_roll_turns_the_picture_clockwise():
    above = [0, 1.5, 0]
    assert front_camera(roll=0.2).world_to_pixels(above)[0][0] > 32


def test_scaling_a_camera_scales_its_pixels():
    points = np.random.default_rng(0).normal(size=(9, 3))
    small, large = front_camera(), front_camera().scaled(2)
    np.testing.assert_allclose(2 * small.world_to_pixels(points)[0], large.world_to_pixels(points)[0])


def test_what_is_near_hides_what_is_far():
    camera = front_camera()
    red, green = WHITE * [1, 0, 0], WHITE * [0, 1, 0]
    image = black(camera)
    vertices = np.concatenate([cube(z=1), cube(z=-1, size=0.6)])
    faces = np.concatenate([CUBE_FACES, CUBE_FACES + 8])
    colours = np.concatenate([red, green])
    for order in ([0, 1], [1, 0]):
        blocks = np.concatenate([np.arange(12) + 12 * block for block in order])
        draw_mesh(image, vertices, faces[blocks], camera=camera, colours=colours[blocks], light=Light())
        assert image[24, 32, 0] > 0 and image[24, 32, 1] == 0


def test_a_mesh_seen_from_inside_is_not_drawn():
    camera = front_camera()
    image = black(camera)
    draw_mesh(image, cube(), CUBE_FACES[:, ::-1], camera=camera, colours=WHITE, light=Light())
    inside = image.copy()
    draw_cube(image, camera, cube())
    assert image[24, 32].min() > 0
    assert not (inside == image).all()


def test_what_is_behind_the_camera_is_not_drawn():
    camera = front_camera()
    image = black(camera)
    draw_cube(image, camera, cube(z=8))
    draw_cube(image, camera, cube(z=5))  # around the camera
    assert image.max() == 0


def test_the_side_towards_the_lamp_is_brighter():
    light = Light(direction=(1, 0, 0))
    bright, dark = light.brightness(np.array([(1.0, 0, 0), (-1.0, 0, 0)]))
    assert bright == pytest.approx(dark + light.lamp)
    assert light.brightness(np.array([0, 1.0, 0])) > light.brightness(np.array([0, -1.0, 0]))


def test_a_shadow_falls_away_from_the_lamp_and_only_darkens():
    camera = front_camera(position=np.array([0, 3.0, 5]), width=240, height=200)
    image = np.full((200, 240, 3), 200, np.uint8)
    light = Light(direction=(1, 1, 0))
    draw_shadow(image, cube(y=0.6), [np.arange(8)], camera=camera, light=light)
    fallen = camera.world_to_pixels([-0.6, 0, 0])[0].astype(int)
    mirrored = camera.world_to_pixels([0.6, 0, 0])[0].astype(int)
    assert image[fallen[1], fallen[0], 0] < 160
    assert image[mirrored[1], mirrored[0], 0] == 200
    assert image.max() == 200


def test_the_grid_lies_on_the_floor():
    camera = front_camera(width=120, height=90)
    image = np.full((90, 120, 3), 230, np.uint8)
    draw_grid(image, camera=camera, middle=np.zeros(3), colour=np.zeros(3))
    assert (image[:45] == 230).all()  # the horizon is in the middle, because this camera looks level
    assert (image[45:] < 230).any()


def test_fixed_point_counts_from_pixel_centres():
    np.testing.assert_array_equal(fixed_point(np.array([[0.5, 1.5]])), [[0, 8]])
    assert abs(fixed_point(np.array([1e30, -1e30]))).max() < 2**31
