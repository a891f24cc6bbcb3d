import { DirectionalLight, HemisphereLight, NeutralToneMapping, PCFShadowMap, PerspectiveCamera, Scene, Vector3, WebGLRenderer } from "three";
import { OrbitControls } from "three/addons/controls/OrbitControls.js";
import { Ground } from "./ground.js";
import { ROOMS } from "./palette.js";

const EYE_HEIGHT = 0.95; // metres above the floor: the camera looks at the middle of a body
// What a slow device gives up, step by step: pixels of the shadow's map, and of the picture for one of the page.
const ECONOMIES = [
  { shadow: 1024, ratio: 1 },
  { shadow: 512, ratio: 0.75 },
  { shadow: 512, ratio: 0.45 },
];
const VIEW = new Vector3(0.5, 0.26, 1).normalize(); // from the front, a little to the side and above

/** Room, lights and camera. Draws only when something changed. */
export class Stage {
  constructor(canvas) {
    this.renderer = new WebGLRenderer({ canvas, antialias: true, alpha: true });
    this.renderer.setPixelRatio(Math.min(devicePixelRatio, 2));
    this.renderer.shadowMap.enabled = true;
    this.renderer.shadowMap.type = PCFShadowMap;
    this.renderer.toneMapping = NeutralToneMapping;
    this.scene = new Scene();
    this.camera = new PerspectiveCamera(32, 1, 0.1, 60);
    this.ground = new Ground();
    this.#addLights();
    this.scene.add(this.ground);
    this.controls = this.#makeControls(canvas);
    this.focus = new Vector3();
    this.economies = [...ECONOMIES];
    this.frame(1);
  }

  #addLights() {
    this.sky = new HemisphereLight("#ffffff", "#b9b2a8", 1);
    this.key = new DirectionalLight("#fff3e4", 2);
    this.key.castShadow = true;
    this.key.shadow.mapSize.set(2048, 2048);
    this.key.shadow.radius = 7;
    this.key.shadow.normalBias = 0.04;
    this.rim = new DirectionalLight("#bcd6ff", 1);
    this.scene.add(this.sky, this.key, this.key.target, this.rim, this.rim.target);
  }

  #makeControls(canvas) {
    const controls = new OrbitControls(this.camera, canvas);
    canvas.style.touchAction = "pan-y"; // a thumb that scrolls the page must not get stuck here
    controls.maxPolarAngle = Math.PI * 0.495; // never under the floor
    controls.minDistance = 1;
    controls.maxDistance = 25;
    controls.addEventListener("change", () => (this.stale = true));
    return controls;
  }

  dress(dark) {
    const room = ROOMS[dark ? "dark" : "light"];
    this.ground.dress(room);
    this.sky.intensity = room.ambient;
    this.key.intensity = room.key;
    this.rim.intensity = room.rim;
    this.stale = true;
  }

  /** Put the camera where `width` metres of people fit the picture. */
  frame(width) {
    this.width = width;
    const tall = Math.tan((this.camera.fov * Math.PI) / 360);
    const distance = Math.max(2.15 / (2 * tall), width / (2 * tall * this.camera.aspect)) + 0.6;
    this.controls.target.set(this.focus.x, EYE_HEIGHT, this.focus.z);
    this.camera.position.copy(this.controls.target).addScaledVector(VIEW, distance);
    this.controls.update();
    this.#fitShadow();
    this.stale = true;
  }

  #fitShadow() {
    const reach = this.width / 2 + 1.6;
    Object.assign(this.key.shadow.camera, { left: -reach, right: reach, top: 2.6, bottom: -2.2, near: 0.5, far: 14 });
    this.key.shadow.camera.updateProjectionMatrix();
  }

  /** Walk with a point on the floor: camera, lights and floor keep their place relative to it. */
  follow(point, withCamera) {
    const step = new Vector3(point.x - this.focus.x, 0, point.z - this.focus.z);
    this.focus.add(step);
    this.ground.centre(this.focus.x, this.focus.z);
    this.#aim(this.key, new Vector3(2.2, 5, 3));
    this.#aim(this.rim, new Vector3(-2.5, 3, -4));
    if (withCamera) {
      this.camera.position.add(step);
      this.controls.target.add(step);
      this.controls.update();
    }
    this.stale = true;
  }

  #aim(light, from) {
    light.target.position.set(this.focus.x, 0.7, this.focus.z);
    light.position.copy(light.target.position).add(from);
  }

  resize(width, height) {
    if (!width || !height) return;
    const before = this.camera.aspect;
    this.camera.aspect = width / height;
    this.camera.updateProjectionMatrix();
    this.renderer.setSize(width, height, false);
    if (Math.abs(before - this.camera.aspect) > 0.2) this.frame(this.width);
    this.stale = true;
    this.draw(); // before the browser shows the empty canvas
  }

  /** Whether there was anything new to draw. */
  draw() {
    if (!this.stale) return false;
    this.stale = false;
    this.renderer.render(this.scene, this.camera);
    return true;
  }

  /** Draw less finely, so that a device without a graphics card shows a movement and no slides. */
  economise() {
    const next = this.economies.shift();
    if (!next) return;
    const { shadow } = this.key;
    shadow.mapSize.set(next.shadow, next.shadow);
    shadow.map?.dispose();
    shadow.map = null;
    this.renderer.setPixelRatio(Math.min(this.renderer.getPixelRatio(), next.ratio));
    this.stale = true;
    this.draw(); // a canvas of another size is empty
  }

  dispose() {
    this.controls.dispose();
    this.renderer.dispose();
  }
}
