import { AnimationMixer, Group, Vector3 } from "three";
import { GLTFLoader } from "three/addons/loaders/GLTFLoader.js";
import { Bones } from "./bones.js";
import { ContactTrack, FootLights } from "./contacts.js";
import { tintOf } from "./palette.js";
import { clay } from "./skin.js";

export const SAMPLES_A_SECOND = 10;

/** Read the GLB of figure `index`. Rejects with a sentence for people when the file cannot be shown. */
export async function loadFigure(url, index, label) {
  const gltf = await new GLTFLoader().loadAsync(url).catch((error) => {
    throw new Error(`it is not a readable GLB file (${error.message})`);
  });
  const joints = jointsOf(gltf.scene);
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
    this.spread = { value: new Float32Array(joints.length) };
    this.glow = { value: 0 };
    this.skins = dressedSkins(gltf.scene, this.tint, this);
    this.bones = new Bones(joints, this.tint);
    this.track = contactsOf(gltf);
    this.add(gltf.scene, this.bones);
    if (this.track) this.add((this.lights = new FootLights(joints, this.track)));
    this.mixer = new AnimationMixer(gltf.scene);
    this.mixer.clipAction(clip).play();
    this.poses = this.#sample();
    this.setTime(0);
  }

  setTime(time) {
    this.#pose(time);
    this.bones.update();
    this.lights?.update(time);
  }

  /** Stand as a feed says, whatever the file tells: root, a rotation a joint, contacts. */
  take({ root, rotations, contacts }) {
    this.joints.forEach((joint, j) => joint.quaternion.copy(rotations[j]));
    this.joints[0].position.copy(root);
    this.updateMatrixWorld(true);
    this.bones.update();
    if (!this.lights) return;
    this.lights.track = new ContactTrack([contacts], this.duration);
    this.lights.update(0);
  }

  #pose(time) {
    this.mixer.setTime(Math.max(0, Math.min(time, this.duration - 1e-4))); // exactly at the end the mixer would wrap round
    this.updateMatrixWorld(true);
  }

  /** Where every joint is, ten times a second and before the figure is moved to its place: [S][J]. */
  #sample() {
    return Array.from({ length: Math.ceil(this.duration * SAMPLES_A_SECOND) + 1 }, (_, i) => {
      this.#pose(i / SAMPLES_A_SECOND);
      return this.joints.map((joint) => new Vector3().setFromMatrixPosition(joint.matrixWorld));
    });
  }

  /** mode: "body", "spread", "both" or "bones". */
  setMode(mode) {
    this.bones.visible = mode === "both" || mode === "bones";
    this.glow.value = mode === "spread" ? 1 : 0;
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

  lightFeet(on) {
    if (this.lights) this.lights.visible = on;
  }

  dispose() {
    this.traverse((node) => {
      node.geometry?.dispose();
      node.material?.dispose();
      node.skeleton?.dispose();
    });
  }
}

/** The joints of the skin, in its own order; of a file without a skin, all bones. */
function jointsOf(scene) {
  const bones = [];
  let skin = null;
  scene.traverse((node) => {
    if (node.isBone) bones.push(node);
    skin ??= node.isSkinnedMesh ? node : null;
  });
  return skin?.skeleton.bones ?? bones;
}

/** Every figure wears its own clay instead of the file's material. */
function dressedSkins(scene, tint, shades) {
  const skins = [];
  scene.traverse((node) => {
    if (!node.isMesh) return;
    if (!node.geometry.attributes.normal) node.geometry.computeVertexNormals();
    node.material = clay(tint, shades);
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
