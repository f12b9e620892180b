import { RetryBudget } from './retry.ts';

/** Who asks, as far as the sharing of what is scarce needs it. */
export type CallerShare = {
  /** Tells callers apart. */
  readonly id: string;
  /** A service may stand for many people: see `UpstreamOptions.serviceWeight`. */
  readonly kind: 'service' | 'user';
};

/** More callers than can have a call in flight or waiting at once, so that most of them are idle and can be let go. */
const maxLines = 10_000;
/** Retries that all callers together may make before there was traffic to earn them. */
const sharedReserve = 50;

/** One caller's part of what is scarce: kept while it has calls, and for a while after. */
export class Line {
  readonly id: string;
  readonly weight: number;
  readonly retries: RetryBudget;
  inFlight = 0;
  waiting = 0;
  constructor(id: string, weight: number, shared: RetryBudget) {
    this.id = id;
    this.weight = weight;
    this.retries = new RetryBudget({ within: shared });
  }
}

/** The callers of late. */
export class Lines {
  readonly #serviceWeight: number;
  readonly #lines = new Map<string, Line>();
  readonly #retries = new RetryBudget({ reserve: sharedReserve });

  constructor(serviceWeight: number) {
    this.#serviceWeight = serviceWeight;
  }

  of({ id, kind }: CallerShare): Line {
    let line = this.#lines.get(id);
    if (line === undefined) {
      if (this.#lines.size >= maxLines) this.#forgetIdle();
      line = new Line(id, kind === 'service' ? this.#serviceWeight : 1, this.#retries);
      this.#lines.set(id, line);
    }
    return line;
  }

  #forgetIdle(): void {
    for (const [id, line] of this.#lines)
      if (line.inFlight === 0 && line.waiting === 0) this.#lines.delete(id);
  }
}
