import { AdditiveBlending, CircleGeometry, Color, Group, Mesh, NormalBlending, ShaderMaterial, Vector3 } from "three";

const FEET = { left: ["left_ankle", "left_foot"], right: ["right_ankle", "right_foot"] };
const COLUMNS = { left: [0, 2], right: [1, 3] }; // of a contact row: left ankle, right ankle, left foot, right foot
const RADIUS = 0.2; // metres

/** When each foot is on the ground, as the motion file says it. */
export class ContactTrack {
  /** rows: [T][4] in [0, 1]; fps: rows a second. */
  constructor(rows, fps) {
    this.rows = rows;
    this.fps = fps;
  }

  /** How firmly a foot stands at a time, in [0, 1], blended between frames. */
  at(side, time) {
    const last = this.rows.length - 1;
    const frame = Math.min(Math.max(time * this.fps, 0), last);
    const before = Math.floor(frame);
    const part = frame - before;
    return this.#row(side, before) * (1 - part) + this.#row(side, Math.min(before + 1, last)) * part;
  }

  #row(side, frame) {
    return Math.max(...COLUMNS[side].map((column) => this.rows[frame][column]));
  }
}

/** A pool of light on the floor under every foot that stands. */
export class FootLights extends Group {
  constructor(joints, track) {
    super();
    this.track = track;
    this.feet = Object.entries(FEET).map(([side, names]) => ({
      side,
      joints: joints.filter((joint) => names.includes(joint.name)),
      pool: this.#addPool(),
    }));
  }

  #addPool() {
    const pool = new Mesh(new CircleGeometry(RADIUS, 40).rotateX(-Math.PI / 2), poolMaterial());
    pool.position.y = 0.004;
    pool.renderOrder = 2;
    this.add(pool);
    return pool;
  }

  update(time) {
    for (const { side, joints, pool } of this.feet) {
      const strength = joints.length ? this.track.at(side, time) : 0;
      pool.visible = strength > 0.02;
      pool.material.uniforms.strength.value = strength;
      const middle = this.worldToLocal(middleOf(joints));
      pool.position.x = middle.x;
      pool.position.z = middle.z;
    }
  }

  dress(dark) {
    for (const { pool } of this.feet) {
      pool.material.blending = dark ? AdditiveBlending : NormalBlending;
      pool.material.uniforms.color.value.set(dark ? "#35c9b5" : "#0d9488");
    }
  }
}

function middleOf(joints) {
  const sum = new Vector3();
  joints.forEach((joint) => sum.add(new Vector3().setFromMatrixPosition(joint.matrixWorld)));
  return sum.divideScalar(Math.max(joints.length, 1));
}

function poolMaterial() {
  return new ShaderMaterial({
    transparent: true,
    depthWrite: false,
    uniforms: { color: { value: new Color() }, strength: { value: 0 } },
    vertexShader: /* glsl */ `
      varying vec2 place;
      void main() {
        place = uv * 2.0 - 1.0;
        gl_Position = projectionMatrix * modelViewMatrix * vec4(position, 1.0);
      }`,
    fragmentShader: /* glsl */ `
      uniform vec3 color;
      uniform float strength;
      varying vec2 place;
      void main() {
        float away = length(place);
        float glow = pow(max(1.0 - away, 0.0), 1.6) * 0.75;
        float ring = smoothstep(0.10, 0.0, abs(away - 0.82)) * 0.5;
        gl_FragColor = vec4(color, (glow + ring) * strength);
        #include <colorspace_fragment>
      }`,
  });
}
