import { Quaternion, Vector3 } from "three";

const LEAD = 3; // frames that wait at best: a camera's frames come several at once
const HASTE = 0.1; // how much faster for every frame more that waits
const LATE = 30; // frames: what is further behind is left out
const CALM = 0.4; // seconds in which the camera catches up with who walks

/** Poses of a motion that is still being made: they come in bursts and are played evenly. */
export class Feed {
  centre = new Vector3(); // where the camera looks, without the sway of single steps
  #waiting = []; // poses, the first two of which are blended
  #share = 0; // of the way from the first to the second

  constructor(fps) {
    this.fps = fps;
  }

  /** rows: numbers of one frame each: root, then a quaternion a joint, then four contacts. */
  push(rows) {
    const first = !this.#waiting.length;
    this.#waiting.push(...rows.map(poseOf));
    if (this.#waiting.length > LATE) this.#waiting.splice(0, this.#waiting.length - LEAD);
    if (first) this.centre.copy(this.#waiting[0].root);
  }

  /** The pose after so many seconds more; null when nothing new has come. */
  advance(elapsed) {
    const left = this.#waiting.length - 1 - this.#share;
    if (left <= 0) return null;
    const pace = Math.max(0.5, 1 + HASTE * (left - LEAD));
    const place = this.#share + Math.min(elapsed * this.fps * pace, left);
    this.#waiting.splice(0, Math.min(Math.floor(place), this.#waiting.length - 1));
    this.#share = this.#waiting.length > 1 ? place % 1 : 0;
    const pose = blend(this.#waiting[0], this.#waiting[1] ?? this.#waiting[0], this.#share);
    this.centre.lerp(pose.root, 1 - Math.exp(-elapsed / CALM));
    return pose;
  }
}

function poseOf(row) {
  const rotations = Array.from({ length: (row.length - 7) / 4 }, (_, j) => new Quaternion().fromArray(row, 3 + 4 * j));
  return { root: new Vector3().fromArray(row), rotations, contacts: row.slice(-4) };
}

function blend(one, other, share) {
  return {
    root: one.root.clone().lerp(other.root, share),
    rotations: one.rotations.map((rotation, j) => rotation.clone().slerp(other.rotations[j], share)),
    contacts: other.contacts,
  };
}
