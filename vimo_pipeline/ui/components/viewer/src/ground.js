import { Color, Group, Mesh, PlaneGeometry, ShaderMaterial, ShadowMaterial, Vector2 } from "three";

const SIZE = 40; // metres: beyond the fade, so the edge is never seen

/** An endless floor: a metre grid that fades with distance, and the soft shadow that falls on it. */
export class Ground extends Group {
  constructor() {
    super();
    const plane = new PlaneGeometry(SIZE, SIZE).rotateX(-Math.PI / 2);
    this.grid = new Mesh(plane, gridMaterial());
    this.shade = new Mesh(plane, new ShadowMaterial({ opacity: 0.3 }));
    this.shade.receiveShadow = true;
    this.shade.position.y = 0.001;
    this.shade.renderOrder = 1;
    this.add(this.grid, this.shade);
  }

  /** Keep the floor under whatever is looked at. */
  centre(x, z) {
    this.position.set(x, 0, z);
    this.grid.material.uniforms.centre.value.set(x, z);
  }

  dress(room) {
    this.grid.material.uniforms.color.value.set(room.line);
    this.shade.material.opacity = room.shadow;
  }
}

function gridMaterial() {
  return new ShaderMaterial({
    transparent: true,
    depthWrite: false,
    uniforms: { color: { value: new Color() }, centre: { value: new Vector2() } },
    vertexShader: /* glsl */ `
      varying vec2 place;
      void main() {
        vec4 world = modelMatrix * vec4(position, 1.0);
        place = world.xz;
        gl_Position = projectionMatrix * viewMatrix * world;
      }`,
    fragmentShader: /* glsl */ `
      uniform vec3 color;
      uniform vec2 centre;
      varying vec2 place;

      // Coverage of grid lines of one spacing, kept one pixel wide at any distance.
      float lines(float spacing, float width) {
        vec2 cell = place / spacing;
        vec2 pixel = fwidth(cell);
        vec2 away = abs(fract(cell - 0.5) - 0.5) / pixel;
        vec2 fine = clamp(1.0 - pixel * 2.0, 0.0, 1.0);  // too far to tell lines apart: no line, no moire
        vec2 cover = clamp(width - away + 0.5, 0.0, 1.0) * fine;
        return max(cover.x, cover.y);
      }

      void main() {
        float fade = 1.0 - smoothstep(1.5, 8.5, distance(place, centre));
        float cover = max(lines(1.0, 0.7) * 0.55, lines(0.25, 0.4) * 0.14);
        gl_FragColor = vec4(color, cover * fade);
        #include <colorspace_fragment>
      }`,
  });
}
