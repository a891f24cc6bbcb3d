"""Open a motion of ViMo in Blender.

blender --python examples/blender_import.py -- outputs/demo/example.glb
"""

import sys

import bpy

FPS = 30

if __name__ == "__main__":
    path = sys.argv[sys.argv.index("--") + 1]
    scene = bpy.context.scene
    scene.render.fps = FPS  # before the import: glTF counts seconds, Blender frames
    if path.endswith(".glb"):
        bpy.ops.import_scene.gltf(filepath=path)
    else:  # centimetres, y up, facing +z; Blender puts a BVH's first frame at 1, a GLB's at 0
        bpy.ops.import_anim.bvh(filepath=path, global_scale=0.01, axis_forward="-Z", axis_up="Y")
    rig = next(each for each in bpy.context.selected_objects if each.type == "ARMATURE")
    scene.frame_start, scene.frame_end = map(round, rig.animation_data.action.frame_range)
    scene.frame_set(scene.frame_start)
