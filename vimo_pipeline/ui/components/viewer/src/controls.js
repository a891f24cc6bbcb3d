import { icon } from "./icons.js";

const SPEEDS = [0.25, 0.5, 1, 1.5, 2];
const MODES = [
  ["body", "Body", "The skinned body"],
  ["spread", "Spread", "Where the figures differ: the redder, the further apart"],
  ["both", "X-ray", "Body and skeleton together"],
  ["bones", "Bones", "The skeleton alone"],
];

/** The bar under the picture. Tells `actions` what the person asked for and shows the clock. */
export class ControlBar {
  constructor(clock, actions) {
    this.clock = clock;
    this.play = button("vv-play", "Play or pause (space)", () => actions.toggle());
    this.now = element("span", "vv-time");
    this.stripes = element("canvas", "vv-stripes");
    this.slider = slider((share) => actions.seek(share * clock.duration));
    const track = element("div", "vv-track", this.stripes, this.slider);
    this.modes = modeSwitch(actions);
    const tools = element("div", "vv-tools", loopSwitch(clock), speedMenu(clock), this.modes);
    this.element = element("div", "vv-bar", this.play, track, this.now, tools);
  }

  enable(on) {
    this.element.toggleAttribute("inert", !on);
  }

  /** Whether figures can be compared; without that there is no spread to choose. */
  offerSpread(on) {
    const spread = this.modes.querySelector("[value=spread]");
    spread.hidden = !on;
    if (!on && spread.getAttribute("aria-checked") === "true") this.modes.firstElementChild.click();
  }

  /** Draw the clock's state; called once a frame. */
  update() {
    const { time, duration, playing } = this.clock;
    const share = duration ? time / duration : 0;
    this.slider.value = share;
    this.slider.style.setProperty("--share", share);
    this.slider.setAttribute("aria-valuetext", `${time.toFixed(2)} seconds`);
    this.now.textContent = `${time.toFixed(2)} / ${duration.toFixed(2)} s`;
    if (this.wasPlaying !== playing) this.play.innerHTML = icon((this.wasPlaying = playing) ? "pause" : "play");
  }

  /** Two rows of dashes, left foot above right foot, wherever the foot is on the ground. */
  drawContacts(track) {
    const canvas = this.stripes;
    const pen = canvas.getContext("2d");
    canvas.width = 1000;
    canvas.height = 10;
    canvas.title = track ? "Feet on the ground: left above, right below" : "";
    pen.clearRect(0, 0, canvas.width, canvas.height);
    if (!track) return;
    pen.fillStyle = getComputedStyle(this.element).getPropertyValue("--vv-accent");
    ["left", "right"].forEach((side, row) => {
      for (let x = 0; x < canvas.width; x++) {
        const standing = track.at(side, (x / canvas.width) * this.clock.duration) > 0.5;
        if (standing) pen.fillRect(x, row * 6, 1, 4);
      }
    });
  }
}

/** A button that is on or off. */
export function toggleButton(name, label, on, act) {
  const node = button(name, label, () => {
    const now = node.getAttribute("aria-pressed") !== "true";
    node.setAttribute("aria-pressed", now);
    act(now);
  });
  node.setAttribute("aria-pressed", on);
  return node;
}

/** A push button with an icon or a word. */
export function button(name, label, act) {
  const node = element("button", `vv-button ${name}`);
  node.type = "button";
  node.title = label;
  node.setAttribute("aria-label", label);
  node.addEventListener("click", act);
  return node;
}

export function element(tag, name, ...children) {
  const node = document.createElement(tag);
  node.className = name;
  node.append(...children);
  return node;
}

function slider(seek) {
  const node = element("input", "vv-slider");
  Object.assign(node, { type: "range", min: 0, max: 1, step: 0.0001, value: 0 });
  node.setAttribute("aria-label", "Time");
  node.addEventListener("input", () => seek(Number(node.value)));
  return node;
}

function loopSwitch(clock) {
  const node = toggleButton("vv-loop", "Start again at the end", true, (on) => (clock.loop = on));
  node.innerHTML = icon("loop");
  return node;
}

function speedMenu(clock) {
  const node = element("select", "vv-speed");
  node.title = "Playing speed";
  node.setAttribute("aria-label", "Playing speed");
  SPEEDS.forEach((speed) => node.add(new Option(`${speed}×`, speed, speed === 1, speed === 1)));
  node.addEventListener("change", () => (clock.speed = Number(node.value)));
  return node;
}

function modeSwitch(actions) {
  const group = element("div", "vv-modes");
  group.setAttribute("role", "radiogroup");
  group.setAttribute("aria-label", "What to draw");
  const choose = (mode) => {
    [...group.children].forEach((node) => node.setAttribute("aria-checked", node.value === mode));
    actions.setMode(mode);
  };
  for (const [mode, word, label] of MODES) {
    const node = button("vv-mode", label, () => choose(mode));
    Object.assign(node, { value: mode, textContent: word });
    node.setAttribute("role", "radio");
    node.setAttribute("aria-checked", mode === "body");
    group.append(node);
  }
  return group;
}
