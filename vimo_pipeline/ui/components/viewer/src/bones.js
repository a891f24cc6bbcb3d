import { CylinderGeometry, Group, InstancedMesh, Matrix4, MeshStandardMaterial, Quaternion, SphereGeometry, Vector3 } from "three";
import { sideColor } from "./palette.js";

const UP = new Vector3(0, 1, 0);
const JOINT_RADIUS = 0.026; // metres
const LINK_RADIUS = 0.019;

/** A drawn skeleton: a ball on every joint and a tapered rod from every joint to its parent. */
export class Bones extends Group {
  constructor(joints, tint) {
    super();
    this.joints = joints;
    this.links = joints.filter((joint) => joints.includes(joint.parent));
    this.balls = instances(new SphereGeometry(JOINT_RADIUS, 16, 12), joints, tint);
    this.rods = instances(rodGeometry(), this.links, tint);
    this.add(this.balls, this.rods);
  }

  /** Move every ball and rod to where the joints are now, in this group's own space. */
  update() {
    const toLocal = this.parent.matrixWorld.clone().invert();
    const places = new Map(this.joints.map((joint) => [joint, placeOf(joint, toLocal)]));
    this.joints.forEach((joint, i) => this.balls.setMatrixAt(i, new Matrix4().setPosition(places.get(joint))));
    this.links.forEach((joint, i) => this.rods.setMatrixAt(i, rodMatrix(places.get(joint.parent), places.get(joint))));
    this.balls.instanceMatrix.needsUpdate = true;
    this.rods.instanceMatrix.needsUpdate = true;
  }
}

function instances(geometry, joints, tint) {
  const material = new MeshStandardMaterial({ roughness: 0.55 });
  const mesh = new InstancedMesh(geometry, material, joints.length);
  joints.forEach((joint, i) => mesh.setColorAt(i, sideColor(tint, joint.name)));
  mesh.castShadow = true;
  mesh.frustumCulled = false; // the bounds of instances are not followed as they move
  return mesh;
}

/** One metre tall, standing on the origin, thinner towards the child. */
function rodGeometry() {
  return new CylinderGeometry(LINK_RADIUS * 0.6, LINK_RADIUS, 1, 12, 1, true).translate(0, 0.5, 0);
}

function placeOf(joint, toLocal) {
  return new Vector3().setFromMatrixPosition(joint.matrixWorld).applyMatrix4(toLocal);
}

function rodMatrix(start, stop) {
  const along = stop.clone().sub(start);
  const length = Math.max(along.length(), 1e-6);
  const turn = new Quaternion().setFromUnitVectors(UP, along.divideScalar(length));
  return new Matrix4().compose(start, turn, new Vector3(1, length, 1));
}
