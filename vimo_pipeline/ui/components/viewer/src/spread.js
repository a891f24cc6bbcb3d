import { Vector3 } from "three";

const UP = new Vector3(0, 1, 0);

/**
 * How far figures lie apart: the deviation of every joint in metres, [S][J]; null where they cannot be compared.
 * As `joint_spread` in pipelines/ranking.py: pelvis laid onto pelvis, every figure turned as a whole onto the first.
 * poses: [figures][S][J] places.
 */
export function spreadOf(poses) {
  const joints = poses[0]?.[0]?.length;
  if (poses.length < 2 || poses.some((pose) => pose[0].length !== joints)) return null;
  const samples = Math.min(...poses.map((pose) => pose.length));
  const rooted = poses.map((pose) => pose.slice(0, samples).map((frame) => frame.map((place) => place.clone().sub(frame[0]))));
  rooted.slice(1).forEach((pose) => turnOnto(rooted[0], pose));
  return Array.from({ length: samples }, (_, s) =>
    Array.from({ length: joints }, (_, j) => deviation(rooted.map((pose) => pose[s][j]))),
  );
}

/** The rows of a time, blended between samples. rows: [S][J]; place: a sample, not whole. */
export function rowAt(rows, place) {
  const last = rows.length - 1;
  const before = Math.min(Math.floor(place), last);
  const part = Math.min(place, last) - before;
  return rows[before].map((value, j) => value * (1 - part) + rows[Math.min(before + 1, last)][j] * part);
}

/** Turn a pose about the upright axis, by least squares over all its frames. */
function turnOnto(target, pose) {
  let along = 0;
  let across = 0;
  pose.forEach((frame, s) =>
    frame.forEach(({ x, z }, j) => {
      const aim = target[s][j];
      along += x * aim.x + z * aim.z;
      across += z * aim.x - x * aim.z;
    }),
  );
  const angle = Math.atan2(across, along);
  pose.forEach((frame) => frame.forEach((place) => place.applyAxisAngle(UP, angle)));
}

function deviation(places) {
  const middle = places.reduce((sum, place) => sum.add(place), new Vector3()).divideScalar(places.length);
  return Math.sqrt(places.reduce((sum, place) => sum + place.distanceToSquared(middle), 0) / places.length);
}
