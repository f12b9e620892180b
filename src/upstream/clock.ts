/** Bounds are forgotten after this long, since clocks drift and are set. */
const maxAgeMs = 60_000;
/** Date headers are cut to the second (RFC 9110 section 6.6.1). */
const resolutionMs = 1_000;

type Bounds = { low: number; high: number; since: number };

/**
 * How far Novu's clock is from ours, learnt from the Date headers of its answers. One header tells it to the second;
 * many, each cut at another fraction, tell it to some milliseconds.
 */
export class NovuClock {
  #bounds: Bounds | undefined;
  #previous: Bounds | undefined;
  /** The last header and its meaning: answers of one second carry the same. */
  #lastHeader = '';
  #lastDate = Number.NaN;

  /** An answer with this Date header, of a request that was sent and answered at these moments of ours. */
  observe(dateHeader: string | undefined, sentAt: number, receivedAt: number): void {
    if (dateHeader === undefined) return;
    if (dateHeader !== this.#lastHeader) {
      this.#lastHeader = dateHeader;
      this.#lastDate = Date.parse(dateHeader);
    }
    const date = this.#lastDate;
    if (Number.isNaN(date)) return;
    const low = date - receivedAt;
    const high = date + resolutionMs - sentAt;
    const known = this.#bounds;
    if (known === undefined || low > known.high || high < known.low) {
      // The first, or one of the clocks was set.
      this.#previous = undefined;
      this.#bounds = { low, high, since: receivedAt };
    } else if (receivedAt - known.since > maxAgeMs / 2) {
      this.#previous = known;
      this.#bounds = { low, high, since: receivedAt };
    } else {
      known.low = Math.max(known.low, low);
      known.high = Math.min(known.high, high);
    }
  }

  /** The earliest time that Novu's clock can have shown at a moment of ours; null while nothing is known. */
  earliestAt(moment: number): number | null {
    const known = this.#bounds;
    if (known === undefined) return null;
    const previous = this.#previous;
    const agrees = previous !== undefined && previous.low <= known.high && previous.high >= known.low;
    return moment + (agrees ? Math.max(known.low, previous.low) : known.low);
  }
}
