const SLOW = 0.08; // seconds a frame: below twelve pictures a second a movement falls apart
const PATIENCE = 6; // slow frames in a row: one alone is a hiccup

/** Notices a device that draws slowly. */
export class Pace {
  slowFrames = 0;

  /** Whether too many frames in a row have taken this long; then it counts anew. */
  tooSlow(elapsed) {
    this.slowFrames = elapsed > SLOW ? this.slowFrames + 1 : 0;
    if (this.slowFrames < PATIENCE) return false;
    this.slowFrames = 0;
    return true;
  }
}
