// The other half of live_readout.py: gradio gives element, props and watch.
const box = element.querySelector(".vimo-live");
const find = (name) => box.querySelector(`.vl-${name}`);
const START = "Give the page your camera, press Record, and step back until your whole body is in the picture.";
const BEGINS = "One moment: the first pose is on its way. Should others be live, you are next.";
const TROUBLES = {
  NotAllowedError: "The camera was refused. Allow it for this page in your browser, then click on the camera again.",
  NotFoundError: "There is no camera here. Plug one in and click again, or bring a film to Video → motion.",
  NotReadableError: "Another program holds the camera. Close it there, then click again.",
};
const NO_CAMERAS = "Browsers lend cameras only to pages that come over https or from this very computer.";
const QUIET = 2000; // milliseconds without a pose after which the next ones are a beginning
let before = -Infinity;

const say = (sentence) => (find("said").textContent = sentence);
const number = (value, unit) => (value == null ? "–" : `${value} ${unit}`);

function show() {
  const { frames = [], delay, most, rate, said = START } = props.value || {};
  find("delay").textContent = number(delay, "ms");
  find("most").textContent = number(most, "ms");
  find("rate").textContent = number(rate, "/s");
  say(said);
  if (frames.length) follow(frames);
}

/** Poses go on to the viewer, which comes into view as they begin: whoever is live stands far from the page. */
function follow(frames) {
  const stage = document.querySelector(`#${box.dataset.viewer} .vimo-viewer`);
  if (performance.now() - before > QUIET) stage?.scrollIntoView({ behavior: "smooth", block: "nearest" });
  before = performance.now();
  stage?.viewer?.push(frames);
}

/** Before gradio takes the press, its button still tells whether it is one on Stop. */
function notice({ target }) {
  const pressed = target.closest(`#${box.dataset.camera} .capture-button`);
  if (!pressed) return;
  if (pressed.querySelector("[title='stop recording'], [title=spinner]")) trigger("stopped");
  else say(BEGINS);
}

watch("value", show);
show();
if (!navigator.mediaDevices?.getUserMedia) say(NO_CAMERAS);
addEventListener("click", notice, { capture: true });
// gradio asks for the camera and leaves it at that when there is none
addEventListener("unhandledrejection", ({ reason }) => {
  if (reason instanceof DOMException && reason.name in TROUBLES) say(TROUBLES[reason.name]);
});
