const SLOW = 0.08; // seconds a picture: with less than twelve a second a movement falls apart
const PATIENCE = 6; // slow pictures in a row: one alone is a hiccup

/** Notices a device that draws slowly, and leaves the page half of its time. */
export class Pace {
  cost = 0; // seconds that the last picture took
  since = Infinity; // seconds since it was begun
  drawn = false; // whether the frame that has just ended drew one
  slow = 0;

  /** A frame has ended. Whether too many pictures in a row have been slow; then it counts anew. */
  tooSlow(elapsed) {
    this.since += elapsed;
    if (!this.drawn) return false;
    this.drawn = false;
    this.cost = elapsed;
    this.slow = elapsed > SLOW ? this.slow + Math.min(elapsed / SLOW, PATIENCE / 2) : 0;
    if (this.slow < PATIENCE) return false;
    this.slow = 0;
    return true;
  }

  /** Whether the page is owed time before the next picture. */
  get resting() {
    return this.cost > SLOW && this.since < 2 * this.cost;
  }

  /** A picture is drawn in this frame. */
  draws() {
    this.drawn = true;
    this.since = 0;
  }
}
