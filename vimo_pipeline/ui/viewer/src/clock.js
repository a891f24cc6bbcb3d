/** The time of a motion in seconds: it plays, pauses, loops and seeks. Knows nothing of pages or pictures. */
export class Clock {
  time = 0;
  duration = 0;
  speed = 1;
  playing = false;

  /** Let `elapsed` seconds of the watcher's time pass. */
  advance(elapsed) {
    if (this.playing && this.duration > 0) this.time = (this.time + elapsed * this.speed) % this.duration;
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
