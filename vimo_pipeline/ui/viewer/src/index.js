/** The timeline viewer: `mount(place).show([url, ...])` draws animated GLB figures side by side. */
import { Clock } from "./clock.js";
import { button, ControlBar, element } from "./controls.js";
import { loadFigure } from "./figure.js";
import { icon } from "./icons.js";
import { Lineup } from "./lineup.js";
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
    this.canvas = element("canvas", "vv-canvas");
    this.note = element("div", "vv-note");
    this.note.setAttribute("role", "status");
    this.chips = element("div", "vv-chips");
    this.bar = new ControlBar(this.clock, this);
    this.picture = element("div", "vv-picture", this.canvas, this.note, this.chips, this.#corner());
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

  /** Load and play these GLB files, one figure each. A file that fails says so in words; without files there is the hint. */
  async show(urls, { labels = [], hint = "" } = {}) {
    const call = (this.call = Symbol("only the newest call may draw"));
    if (!this.stage) return;
    this.say(urls.length ? "Loading the motion…" : hint);
    const results = await Promise.allSettled(urls.map((url, i) => loadFigure(url, i, labels[i] ?? `Hypothesis ${i + 1}`)));
    if (call !== this.call) return;
    const figures = results.filter((result) => result.status === "fulfilled").map((result) => result.value);
    this.#place(figures);
    const failed = results.find((result) => result.status === "rejected");
    if (failed) this.say(`A motion cannot be shown: ${failed.reason.message}. Run it again, or download it.`);
    else if (urls.length) this.say("");
  }

  /** A sentence over the picture; an empty one removes it. */
  say(sentence) {
    this.note.textContent = sentence;
  }

  toggle() {
    this.clock.playing = !this.clock.playing;
  }

  seek(time) {
    this.clock.seek(time);
    this.moved = true;
  }

  setMode(mode) {
    this.mode = mode;
    this.lineup.figures.forEach((figure) => figure.setMode(mode));
    this.stage.stale = true;
  }

  #place(figures) {
    this.lineup.set(figures);
    this.#dress();
    this.setMode(this.mode);
    this.clock.restart(this.lineup.duration);
    this.clock.playing = figures.length > 0 && !matchMedia("(prefers-reduced-motion: reduce)").matches;
    this.bar.enable(figures.length > 0);
    this.bar.drawContacts(figures[0]?.track);
    this.#listChips(figures);
    this.#recentre();
  }

  #recentre() {
    this.lineup.arrange();
    this.stage.follow(this.lineup.centre(this.clock.time), true);
    this.stage.frame(this.lineup.width);
    this.moved = true;
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
    const home = button("vv-home", "Back to the first view", () => this.#recentre());
    const follow = button("vv-follow", "Camera follows the person", () => {
      this.following = !this.following;
      follow.setAttribute("aria-pressed", this.following);
    });
    const wide = button("vv-wide", "Fill the screen", () => this.#fillScreen());
    follow.setAttribute("aria-pressed", true);
    [[home, "home"], [follow, "follow"], [wide, "wide"]].forEach(([node, name]) => (node.innerHTML = icon(name)));
    return element("div", "vv-corner", follow, home, wide);
  }

  #fillScreen() {
    if (document.fullscreenElement) document.exitFullscreen();
    else this.root.requestFullscreen?.();
  }

  #key(event) {
    if (event.target.tagName === "SELECT" || !this.clock.duration) return;
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
      this.say("This browser cannot draw in 3D (WebGL is off). The downloads below still hold the motion.");
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
    this.clock.advance(Math.min(elapsed, 0.25)); // a page that slept goes on where it was
    if (this.clock.playing || this.moved) {
      this.moved = false;
      this.lineup.setTime(this.clock.time);
      this.stage.follow(this.lineup.centre(this.clock.time), this.following);
    }
    this.bar.update();
    this.stage.draw();
  }
}
