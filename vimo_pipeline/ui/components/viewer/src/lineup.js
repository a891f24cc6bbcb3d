import { Group, Vector3 } from "three";
import { SAMPLES_A_SECOND } from "./figure.js";
import { rowAt, spreadOf } from "./spread.js";

const SPACING = 1.5; // metres between neighbours at the start
export const ARM_SPAN = 1.5;
const CALM = 0.6; // seconds on either side over which the camera's path is averaged

/** Several figures side by side, moved by one clock. */
export class Lineup extends Group {
  figures = [];
  path = []; // [S] where the middle of the row is
  width = ARM_SPAN; // metres that the row needs across, wherever it walks

  /** Stand these figures beside one another, the middle of the row over the origin. */
  set(figures) {
    this.figures.forEach((figure) => figure.dispose());
    this.clear();
    this.figures = figures;
    if (figures.length) this.add(...figures);
    this.arrange();
  }

  get shown() {
    return this.figures.filter((figure) => figure.visible);
  }

  get duration() {
    return Math.max(0, ...this.figures.map((figure) => figure.duration));
  }

  /** Close the gaps that hidden figures leave. */
  arrange() {
    const row = this.shown;
    row.forEach((figure, i) => figure.position.setX((i - (row.length - 1) / 2) * SPACING));
    const tracks = tracksOf(row);
    this.spread = spreadOf(row.map((figure) => figure.poses));
    this.path = calm(tracks.map(mean));
    this.width = 2 * farthest(tracks, this.path) + ARM_SPAN;
  }

  setTime(time) {
    const apart = this.spread && rowAt(this.spread, time * SAMPLES_A_SECOND);
    this.shown.forEach((figure) => {
      figure.setTime(time);
      if (apart) figure.spread.value.set(apart);
      else figure.spread.value.fill(0);
    });
  }

  /** The middle of the row at a time, without the sway of single steps. */
  centre(time) {
    if (!this.path.length) return new Vector3();
    const place = Math.min(time * SAMPLES_A_SECOND, this.path.length - 1);
    const before = Math.floor(place);
    const after = Math.min(before + 1, this.path.length - 1);
    return this.path[before].clone().lerp(this.path[after], place - before);
  }
}

/** Every pelvis of the row, ten times a second: [S][figures]. A figure that has ended stands still. */
function tracksOf(row) {
  const samples = Math.max(0, ...row.map((figure) => figure.poses.length));
  return Array.from({ length: samples }, (_, i) =>
    row.map(({ poses, position }) => poses[Math.min(i, poses.length - 1)][0].clone().add(position)),
  );
}

/** The path averaged over time, so that the camera glides. */
function calm(path) {
  const reach = Math.round(CALM * SAMPLES_A_SECOND);
  return path.map((_, i) => mean(path.slice(Math.max(i - reach, 0), i + reach + 1)));
}

/** Metres on the floor from the middle to the figure that strays most. */
function farthest(tracks, path) {
  const away = tracks.flatMap((points, i) => points.map(({ x, z }) => Math.hypot(x - path[i].x, z - path[i].z)));
  return away.reduce((most, metres) => Math.max(most, metres), 0);
}

function mean(points) {
  return points.reduce((sum, point) => sum.add(point), new Vector3()).divideScalar(points.length);
}
