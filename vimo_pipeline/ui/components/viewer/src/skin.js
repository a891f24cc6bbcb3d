import { Color, MeshPhysicalMaterial } from "three";

export const HOT = "#d9480f"; // where hypotheses lie far apart
export const FAR = 0.1; // metres of deviation that are drawn in full colour

/**
 * A figure's own clay, in place of the file's material. Where hypotheses differ it can glow.
 * spread: { value: Float32Array of one deviation a joint, in metres }; glow: { value: 0 or 1 }.
 */
export function clay(tint, { spread, glow }) {
  const material = new MeshPhysicalMaterial({ color: tint, roughness: 0.8, sheen: 1, sheenColor: "#ffffff", sheenRoughness: 0.45 });
  material.onBeforeCompile = (shader) => {
    Object.assign(shader.uniforms, { spread, glow, hot: { value: new Color(HOT) } });
    shader.vertexShader = shader.vertexShader
      .replace("#include <common>", `#include <common>\nuniform float spread[${spread.value.length}];\nvarying float apart;`)
      .replace("#include <skinning_vertex>", `#include <skinning_vertex>\n${APART}`);
    shader.fragmentShader = shader.fragmentShader
      .replace("#include <common>", "#include <common>\nuniform float glow;\nuniform vec3 hot;\nvarying float apart;")
      .replace("#include <color_fragment>", `#include <color_fragment>\n${GLOW}`);
  };
  return material;
}

const APART = /* glsl */ `
  apart = 0.0;
  #ifdef USE_SKINNING
    for (int i = 0; i < 4; i++) apart += skinWeight[i] * spread[int(skinIndex[i])];
  #endif`;

const GLOW = `diffuseColor.rgb = mix(diffuseColor.rgb, hot, glow * smoothstep(0.0, ${FAR.toFixed(2)}, apart));`;
