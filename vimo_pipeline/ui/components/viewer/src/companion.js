import { element } from "./controls.js";

// Of a preview (FIGURE_WIDTHS in export/preview.py): what stands to the right of the filmed picture, in pixels.
const FIGURE_WIDTHS = [480, 360, 300];
const DRIFT = 0.12; // seconds by which the film may lie beside the motion while both play

/** The film a motion was imagined from, with the keypoints that were seen, at the motion's own time. */
export class Companion {
  constructor(clock) {
    this.clock = clock;
    this.film = element("video", "vv-film");
    Object.assign(this.film, { muted: true, playsInline: true, preload: "auto", disablePictureInPicture: true });
    this.element = element("div", "vv-companion", this.film);
    this.element.title = "What was filmed, with the keypoints that were seen";
    this.film.addEventListener("loadedmetadata", () => this.#crop());
    this.show(null, 0);
  }

  get there() {
    return !!this.url;
  }

  /** url: of a preview with this many figures; null takes the film away. */
  show(url, figures) {
    this.url = url;
    this.figures = figures;
    this.element.hidden = !url;
    if (url) this.film.src = url;
    else this.film.removeAttribute("src");
  }

  /** Follow the clock; called once a frame. */
  update() {
    const { film, clock } = this;
    if (!this.there || this.element.hidden || film.readyState < 1) return;
    const time = Math.min(clock.time, film.duration || 0);
    const away = Math.abs(film.currentTime - time);
    if (clock.playing) {
      film.playbackRate = clock.speed;
      if (away > DRIFT * Math.max(1, clock.speed) && !film.seeking) film.currentTime = time;
      if (film.paused && !film.ended) film.play().catch(() => {}); // a browser that forbids it shows stills
    } else {
      if (!film.paused) film.pause();
      if (away > 0.01 && !film.seeking) film.currentTime = time;
    }
  }

  /** Only the filmed part of the preview is seen. */
  #crop() {
    const { videoWidth, videoHeight } = this.film;
    const drawn = this.figures * FIGURE_WIDTHS[Math.min(this.figures, FIGURE_WIDTHS.length) - 1];
    const filmed = Math.max(videoWidth - drawn, 1);
    this.element.style.aspectRatio = `${filmed} / ${videoHeight}`;
    this.film.style.width = `${(100 * videoWidth) / filmed}%`;
  }
}
