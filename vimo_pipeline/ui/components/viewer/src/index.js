/** The timeline viewer: `mount(place).show([url, ...])` draws animated GLB figures side by side. */
import { Clock } from "./clock.js";
import { Companion } from "./companion.js";
import { button, ControlBar, element, toggleButton } from "./controls.js";
import { Feed } from "./feed.js";
import { loadFigure } from "./figure.js";
import { icon } from "./icons.js";
import { ARM_SPAN, Lineup } from "./lineup.js";
import { Pace } from "./pace.js";
import { FAR, HOT } from "./skin.js";
import { saveSnapshot } from "./snapshot.js";
import { Stage } from "./stage.js";
import css from "./viewer.css";

const FRAME = 1 / 30; // seconds: one press of an arrow key

export function mount(place) {
  return new Viewer(place);
}

class Viewer {
  constructor(place) {
    this.clock = new Clock();
    this.lineup = new Lineup();
    this.mode = "body";
    this.following = true;
    this.feetLit = true;
    this.pace = new Pace();
    this.canvas = element("canvas", "vv-canvas");
    this.note = element("div", "vv-note");
    this.note.setAttribute("role", "status");
    this.chips = element("div", "vv-chips");
    this.bar = new ControlBar(this.clock, this);
    this.companion = new Companion(this.clock);
    this.legend = legend();
    const over = [this.note, this.chips, this.legend, this.companion.element, this.#corner()];
    this.picture = element("div", "vv-picture", this.canvas, ...over);
    this.root = element("div", "vv-root", this.picture, this.bar.element);
    this.root.tabIndex = 0;
    this.root.setAttribute("aria-label", "Motion viewer: space plays, arrows step");
    this.root.addEventListener("keydown", (event) => this.#key(event));
    const shadow = place.shadowRoot ?? place.attachShadow({ mode: "open" }); // no style of the page leaks in
    const style = element("style", "");
    style.textContent = css;
    shadow.replaceChildren(style, this.root);
    this.bar.enable(false);
    this.#openStage();
  }

  /**
   * Load and play GLB files, one figure each: [{ url, label }]; an MP4 among them is the preview whose film plays
   * along. A file that fails says so in words; without files there is the hint.
   */
  async show(files, hint = "") {
    const isFilm = ({ url }) => /[.]mp4($|[?])/i.test(url);
    const motions = files.filter((file) => !isFilm(file));
    const call = (this.call = Symbol("only the newest call may draw"));
    if (!this.stage) return;
    this.say(motions.length ? "Loading the motion…" : hint);
    const results = await Promise.allSettled(motions.map(({ url, label }, i) => loadFigure(url, i, label)));
    if (call !== this.call) return;
    const figures = results.filter((result) => result.status === "fulfilled").map((result) => result.value);
    this.#place(figures);
    this.#accompany(files.find(isFilm)?.url ?? null, motions.length);
    const failed = results.find((result) => result.status === "rejected");
    if (failed) this.say(`A motion cannot be shown: ${failed.reason.message}. Run it again, or download it.`);
    else if (motions.length) this.say("");
  }

  /** Frames of a motion that is being made, see `Feed`: the first figure takes them on until files are shown. */
  push(rows, fps = 30) {
    if (!rows.length || !this.lineup.figures.length) return;
    if (!this.feed) this.#goLive(new Feed(fps));
    this.feed.push(rows);
  }

  /** A sentence over the picture; an empty one removes it. */
  say(sentence) {
    this.note.textContent = sentence;
  }

  toggle() {
    this.clock.toggle();
    this.moved = true;
  }

  seek(time) {
    this.clock.seek(time);
    this.moved = true;
  }

  setMode(mode) {
    this.mode = mode;
    this.lineup.figures.forEach((figure) => figure.setMode(mode));
    this.legend.hidden = mode !== "spread";
    this.stage.stale = true;
  }

  #goLive(feed) {
    this.feed = feed;
    this.say("");
    this.clock.playing = false;
    this.root.classList.add("vv-live");
    this.stage.frame(this.#width);
  }

  #lightFeet(on) {
    this.feetLit = on;
    this.lineup.figures.forEach((figure) => figure.lightFeet(on));
    this.stage.stale = true;
  }

  #accompany(film, figures) {
    this.companion.show(film, figures);
    this.filmSwitch.hidden = !film;
    this.filmSwitch.setAttribute("aria-pressed", !!film);
  }

  #photograph() {
    if (!this.stage) return;
    this.stage.stale = true;
    this.stage.draw(); // the canvas keeps its pixels only until the browser has shown them
    const colours = ["--vv-sky", "--vv-haze"].map((name) => getComputedStyle(this.root).getPropertyValue(name));
    saveSnapshot(this.canvas, colours, `vimo-${this.clock.time.toFixed(2)}s.png`);
  }

  #place(figures) {
    this.feed = null;
    this.root.classList.remove("vv-live");
    this.lineup.set(figures);
    this.#dress();
    this.setMode(this.mode);
    this.#lightFeet(this.feetLit);
    this.clock.restart(this.lineup.duration);
    this.clock.playing = figures.length > 0 && !matchMedia("(prefers-reduced-motion: reduce)").matches;
    this.bar.enable(figures.length > 0);
    this.bar.drawContacts(figures[0]?.track);
    this.#listChips(figures);
    this.#recentre();
  }

  #recentre() {
    this.lineup.arrange();
    this.stage.follow(this.#centre, true);
    this.stage.frame(this.#width);
    this.bar.offerSpread(!!this.lineup.spread);
    this.moved = true;
  }

  get #centre() {
    return this.feed?.centre ?? this.lineup.centre(this.clock.time);
  }

  get #width() {
    return this.feed ? ARM_SPAN : this.lineup.width;
  }

  #listChips(figures) {
    const chips = figures.length < 2 ? [] : figures.map((figure) => this.#chip(figure));
    this.chips.replaceChildren(...chips);
  }

  #chip(figure) {
    const chip = button("vv-chip", `Show or hide ${figure.label.toLowerCase()}`, () => {
      if (figure.visible && this.lineup.shown.length === 1) return; // an empty stage would look broken
      figure.visible = !figure.visible;
      chip.setAttribute("aria-pressed", figure.visible);
      this.bar.drawContacts(this.lineup.shown[0].track);
      this.#recentre();
    });
    chip.textContent = figure.label;
    chip.style.setProperty("--tint", figure.tint);
    chip.setAttribute("aria-pressed", true);
    return chip;
  }

  #corner() {
    this.filmSwitch = toggleButton("vv-with-film", "Show what was filmed", false, (on) => (this.companion.element.hidden = !on));
    const feet = toggleButton("vv-feet", "Light under feet on the ground", true, (on) => this.#lightFeet(on));
    const follow = toggleButton("vv-follow", "Camera follows the person", true, (on) => (this.following = on));
    const photo = button("vv-photo", "Save this picture", () => this.#photograph());
    const home = button("vv-home", "Back to the first view", () => this.#recentre());
    const wide = button("vv-wide", "Fill the screen", () => this.#fillScreen());
    this.filmSwitch.hidden = true;
    const named = { film: this.filmSwitch, feet, follow, home, photo, wide };
    Object.entries(named).forEach(([name, node]) => (node.innerHTML = icon(name)));
    return element("div", "vv-corner", ...Object.values(named));
  }

  #fillScreen() {
    if (document.fullscreenElement) document.exitFullscreen();
    else this.root.requestFullscreen?.();
  }

  #key(event) {
    if (event.target.tagName === "SELECT" || !this.clock.duration || this.feed) return;
    if (event.key === " " && event.target.tagName === "BUTTON") return; // the button takes its own press
    const steps = { ArrowLeft: -FRAME, ArrowRight: FRAME };
    const time = { Home: 0, End: this.clock.duration }[event.key];
    if (event.key === " ") this.toggle();
    else if (time !== undefined) this.seek(time);
    else if (event.key in steps) this.#step(steps[event.key] * (event.shiftKey ? 10 : 1));
    else return;
    event.preventDefault();
  }

  #step(seconds) {
    this.clock.playing = false;
    this.seek(this.clock.time + seconds);
  }

  #openStage() {
    try {
      this.stage = new Stage(this.canvas);
    } catch {
      this.root.classList.add("vv-off");
      this.say("This browser cannot draw in 3D (WebGL is off). Motions can still be made and downloaded.");
      return;
    }
    this.stage.scene.add(this.lineup);
    this.#dress();
    new MutationObserver(() => this.#dress()).observe(document.body, { attributeFilter: ["class"] });
    new ResizeObserver(([{ contentRect }]) => this.stage.resize(contentRect.width, contentRect.height)).observe(this.picture);
    let before = performance.now();
    const loop = (now) => {
      this.#frame((now - before) / 1000);
      before = now;
      requestAnimationFrame(loop);
    };
    requestAnimationFrame(loop);
  }

  #dress() {
    const dark = document.body.classList.contains("dark");
    this.root.classList.toggle("vv-dark", dark);
    this.stage?.dress(dark);
    this.lineup.figures.forEach((figure) => figure.dress(dark));
    this.bar.drawContacts(this.lineup.shown[0]?.track);
  }

  #frame(elapsed) {
    if (this.pace.tooSlow(elapsed) && (this.clock.playing || this.feed)) this.stage.economise();
    this.clock.advance(Math.min(elapsed, 0.25)); // a page that slept goes on where it was
    this.bar.update();
    this.companion.update();
    this.pose = this.feed?.advance(elapsed) ?? this.pose;
    if (this.pace.resting || !this.canvas.checkVisibility()) return; // a tab that is not looked at costs nothing
    if (this.feed) this.#takeOn();
    else if (this.clock.playing || this.moved) {
      this.lineup.setTime(this.clock.time);
      this.stage.follow(this.#centre, this.following);
    }
    this.moved = false;
    if (this.stage.draw()) this.pace.draws();
  }

  #takeOn() {
    if (!this.pose) return;
    this.lineup.figures[0].take(this.pose);
    this.pose = null;
    this.stage.follow(this.#centre, this.following);
  }
}

/** What the colours of spread mean. */
function legend() {
  const scale = element("span", "vv-scale");
  scale.style.setProperty("--hot", HOT);
  const node = element("div", "vv-legend", "alike", scale, `${100 * FAR} cm apart`);
  node.hidden = true; // until spread is chosen
  return node;
}
