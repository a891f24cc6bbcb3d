import { AnimationMixer, Group, MeshPhysicalMaterial, Vector3 } from "three";
import { GLTFLoader } from "three/addons/loaders/GLTFLoader.js";
import { Bones } from "./bones.js";
import { ContactTrack, FootLights } from "./contacts.js";
import { tintOf } from "./palette.js";

/** Read the GLB of figure `index`. Rejects with a sentence for people when the file cannot be shown. */
export async function loadFigure(url, index, label) {
  const gltf = await new GLTFLoader().loadAsync(url).catch((error) => {
    throw new Error(`it is not a readable GLB file (${error.message})`);
  });
  const joints = [];
  gltf.scene.traverse((node) => node.isBone && joints.push(node));
  if (!gltf.animations.length) throw new Error("it holds a figure but no movement");
  if (!joints.length) throw new Error("it holds no skeleton");
  return new Figure(gltf, joints, index, label);
}

/** A person in motion: body, drawn bones and lit feet, all posed by one number, the time in seconds. */
export class Figure extends Group {
  constructor(gltf, joints, index, label) {
    super();
    this.label = label;
    this.tint = tintOf(index);
    const clip = gltf.animations[0];
    this.duration = clip.duration;
    this.joints = joints;
    this.skins = dressedSkins(gltf.scene, this.tint);
    this.bones = new Bones(joints, this.tint);
    this.track = contactsOf(gltf);
    this.add(gltf.scene, this.bones);
    if (this.track) this.add((this.lights = new FootLights(joints, this.track)));
    this.mixer = new AnimationMixer(gltf.scene);
    this.mixer.clipAction(clip).play();
    this.setTime(0);
  }

  setTime(time) {
    this.mixer.setTime(Math.max(0, Math.min(time, this.duration - 1e-4))); // exactly at the end the mixer would wrap round
    this.updateMatrixWorld(true);
    this.bones.update();
    this.lights?.update(time);
  }

  /** mode: "body", "both" or "bones". */
  setMode(mode) {
    this.bones.visible = mode !== "body";
    for (const skin of this.skins) {
      skin.visible = mode !== "bones";
      skin.material.opacity = mode === "both" ? 0.3 : 1;
      skin.material.transparent = mode === "both";
      skin.material.depthWrite = mode !== "both";
      skin.material.needsUpdate = true;
    }
  }

  dress(dark) {
    this.lights?.dress(dark);
  }

  /** Where the pelvis, the first joint, stands now: a world position. */
  pelvis() {
    return new Vector3().setFromMatrixPosition(this.joints[0].matrixWorld);
  }

  dispose() {
    this.traverse((node) => {
      node.geometry?.dispose();
      node.material?.dispose();
      node.skeleton?.dispose();
    });
  }
}

/** Every figure wears its own clay instead of the file's material. */
function dressedSkins(scene, tint) {
  const skins = [];
  scene.traverse((node) => {
    if (!node.isMesh) return;
    if (!node.geometry.attributes.normal) node.geometry.computeVertexNormals();
    node.material = new MeshPhysicalMaterial({ color: tint, roughness: 0.8, sheen: 1, sheenColor: "#ffffff", sheenRoughness: 0.45 });
    node.castShadow = true;
    node.frustumCulled = false; // the bounds of a skinned mesh are those of its rest pose
    skins.push(node);
  });
  return skins;
}

/** `write_glb` leaves fps and contacts in the scene's extras; files of others have none. */
function contactsOf(gltf) {
  const { contacts, fps } = gltf.scene.userData.vimo ?? {};
  return contacts?.length ? new ContactTrack(contacts, fps) : null;
}
