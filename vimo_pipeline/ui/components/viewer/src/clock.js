/** The time of a motion in seconds: it plays, pauses, loops and seeks. Knows nothing of pages or pictures. */
export class Clock {
  time = 0;
  duration = 0;
  speed = 1;
  playing = false;
  loop = true;

  /** Let `elapsed` seconds of the watcher's time pass. */
  advance(elapsed) {
    if (!this.playing || !(this.duration > 0)) return;
    const time = this.time + elapsed * this.speed;
    this.playing = this.loop || time < this.duration;
    this.time = this.loop ? time % this.duration : Math.min(time, this.duration);
  }

  /** Play or pause; what stands at its end starts again. */
  toggle() {
    this.playing = !this.playing;
    if (this.playing && !this.loop && this.time >= this.duration) this.time = 0;
  }

  seek(time) {
    this.time = Math.min(Math.max(time, 0), this.duration);
  }

  /** Start a motion of another length from its beginning. */
  restart(duration) {
    this.duration = duration;
    this.time = 0;
  }
}
