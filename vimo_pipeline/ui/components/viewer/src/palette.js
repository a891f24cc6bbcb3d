import { Color } from "three";

/** One calm clay colour a hypothesis; every hypothesis keeps its colour in chips, body and bones. */
export const TINTS = ["#86b8b6", "#e0b08f", "#a9a3d3", "#d9bf82", "#8fb1d8", "#d39eac", "#9fc193", "#bdb0a2"];

export const tintOf = (index) => TINTS[index % TINTS.length];

/** What the room looks like by day and by night. `sky` is the top of the backdrop, `haze` its horizon. */
export const ROOMS = {
  light: { sky: "#f4f3ef", haze: "#e4e5e1", line: "#8f9a9c", shadow: 0.32, ambient: 1.6, key: 2.7, rim: 1.6 },
  dark: { sky: "#12161c", haze: "#222932", line: "#5c6a78", shadow: 0.55, ambient: 1.0, key: 2.4, rim: 2.6 },
};

/** Left limbs a little lighter, right limbs a little darker, so that sides can be told apart. */
export function sideColor(tint, name) {
  const color = new Color(tint);
  if (/left/i.test(name)) return color.lerp(new Color("#ffffff"), 0.35);
  if (/right/i.test(name)) return color.lerp(new Color("#10151c"), 0.35);
  return color;
}
