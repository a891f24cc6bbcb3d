// The other half of timeline.py: gradio gives element, props and watch.
const FPS = 30;
const find = (name) => element.querySelector(`.vt-${name}`);
const [bar, text, note, presets] = ["bar", "text", "note", "presets"].map(find);
const stage = element.querySelector(".vimo-timeline").dataset.viewer;
let kept = []; // one truth value a frame
let drag = null; // { from, imagine, before } while a finger is down

/** "0:30,45" -> truth values, or null where the text is none. */
function read(spans, frames) {
  const marks = new Array(frames).fill(false);
  for (const part of spans.split(",").map((span) => span.trim()).filter(Boolean)) {
    const [, first, colon, last] = part.match(/^(\d*)(:?)(\d*)$/) ?? [];
    if (!first && !colon) return null;
    const start = Number(first || 0);
    const stop = colon ? Number(last || frames) : start + 1;
    if (start >= stop || stop > frames) return null;
    marks.fill(true, start, stop);
  }
  return marks;
}

/** Runs of equal marks: [start, stop, kept]. */
function runs(marks) {
  const ends = marks.map((_, i) => i).filter((i) => i === 0 || marks[i] !== marks[i - 1]);
  return ends.map((start, i) => [start, ends[i + 1] ?? marks.length, marks[start]]);
}

function write(marks) {
  const spans = runs(marks).filter(([, , keep]) => keep);
  return spans.map(([start, stop]) => (stop - start === 1 ? `${start}` : `${start}:${stop}`)).join(",");
}

function draw() {
  const total = kept.length;
  bar.replaceChildren(
    ...runs(kept).map(([start, stop, keep]) => {
      const span = document.createElement("div");
      span.className = keep ? "vt-kept" : "vt-imagined";
      span.style.cssText = `left: ${(100 * start) / total}%; width: ${(100 * (stop - start)) / total}%`;
      span.title = `${keep ? "Kept" : "Imagined"}: frames ${start}:${stop}`;
      return span;
    }),
  );
  const imagined = kept.filter((keep) => !keep).length;
  note.textContent = total ? `${(imagined / FPS).toFixed(1)} s imagined` : "Choose a motion first";
  find("start").textContent = total ? "0 s" : "";
  find("end").textContent = total ? `${(total / FPS).toFixed(1)} s` : "";
  presets.toggleAttribute("inert", !total);
}

function take(marks) {
  kept = marks;
  text.value = write(kept);
  text.removeAttribute("aria-invalid");
  draw();
}

/** Show what Python or the text says. What cannot be read goes on as it is, for the endpoint to refuse. */
function load(spans) {
  const marks = read(spans, props.frames || 0);
  if (marks) return take(marks);
  text.value = spans;
  text.setAttribute("aria-invalid", true);
}

function frameAt(event) {
  const { left, width } = bar.getBoundingClientRect();
  const frame = Math.floor(((event.clientX - left) / width) * kept.length);
  return Math.min(Math.max(frame, 0), kept.length - 1);
}

function showFrame(frame) {
  const viewer = document.querySelector(`#${stage} .vimo-viewer`)?.viewer;
  if (!viewer) return;
  viewer.clock.playing = false;
  viewer.seek(frame / FPS);
}

function paint(frame) {
  const marks = [...drag.before];
  marks.fill(!drag.imagine, Math.min(drag.from, frame), Math.max(drag.from, frame) + 1);
  drag.moved ||= Math.abs(frame - drag.from) > kept.length / 100;
  if (drag.moved) take(marks);
  showFrame(frame);
}

function lift() {
  const { from, imagine, before, moved } = drag;
  drag = null;
  if (!moved && !imagine) {
    const [start, stop] = runs(before).find(([first, last]) => first <= from && from < last);
    take([...before].fill(true, start, stop));
  }
  props.value = write(kept);
}

bar.addEventListener("pointerdown", (event) => {
  if (!kept.length) return;
  bar.setPointerCapture(event.pointerId);
  const from = frameAt(event);
  drag = { from, imagine: kept[from], before: [...kept], moved: false };
  showFrame(from);
});
bar.addEventListener("pointermove", (event) => drag && paint(frameAt(event)));
bar.addEventListener("pointerup", () => drag && lift());
bar.addEventListener("pointercancel", () => {
  if (drag) take(drag.before);
  drag = null;
});
text.addEventListener("input", () => {
  const marks = read(text.value, kept.length);
  text.toggleAttribute("aria-invalid", !marks);
  if (marks) kept = marks;
  draw();
  props.value = text.value;
});
presets.addEventListener("click", ({ target }) => {
  const total = kept.length;
  const third = Math.floor(total / 3);
  const keep = {
    middle: (i) => i < third || i >= total - third,
    start: (i) => i >= third,
    end: (i) => i < total - third,
    keys: (i) => i % FPS === 0 || i === total - 1,
    all: () => false,
  }[target.value];
  if (!keep) return;
  take(kept.map((_, i) => keep(i)));
  props.value = write(kept);
});
watch(["value", "frames"], () => load(props.value || ""));
load(props.value || "");
