"""Open a motion of ViMo in Blender.

blender --python examples/blender_import.py -- outputs/demo/example.glb
"""

import sys

import bpy

if __name__ == "__main__":
    path = sys.argv[sys.argv.index("--") + 1]
    bpy.context.scene.render.fps = 30  # before the import: glTF counts seconds, Blender frames
    if path.endswith(".glb"):
        bpy.ops.import_scene.gltf(filepath=path)
    else:  # centimetres, y up, facing +z
        bpy.ops.import_anim.bvh(
            filepath=path, global_scale=0.01, axis_forward="-Z", axis_up="Y", update_scene_duration=True
        )
