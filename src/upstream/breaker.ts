export type BreakerOptions = {
  /** Failures in a row until it opens. */
  threshold: number;
  /** Milliseconds between two probes while it is open. */
  probeMs: number;
  /** Asks Novu something that no caller has a part in; whether it is there. Never rejects. */
  probe(): Promise<boolean>;
  onChange(isOpen: boolean): void;
  /** @default setTimeout, without keeping the process alive */
  schedule?(callback: () => void, ms: number): NodeJS.Timeout;
};

/**
 * Ends calls at once while Novu is down, so that they neither wait nor add to its load.
 *
 * What counts is decided by `evidenceOf`; any answer starts the count anew. A run of failures opens it when it is
 * certain that no single caller made it: a connection could not be made, or calls of several callers failed.
 * Otherwise Novu is probed, and the probe's failure is the second voice. Open, calls are never the probe: one with
 * little time would say nothing and keep the others out. Any answer closes it.
 */
export class Breaker {
  isOpen = false;
  #failures = 0;
  #source: string | undefined;
  #isCertain = false;
  #isProbing = false;
  #timer: NodeJS.Timeout | undefined;
  readonly #options: BreakerOptions;
  readonly #schedule: (callback: () => void, ms: number) => NodeJS.Timeout;

  constructor(options: BreakerOptions) {
    this.#options = options;
    this.#schedule = options.schedule ?? ((callback, ms) => setTimeout(callback, ms).unref());
  }

  answered(): void {
    this.#failures = 0;
    this.#source = undefined;
    this.#isCertain = false;
    if (!this.isOpen) return;
    clearTimeout(this.#timer);
    this.isOpen = false;
    this.#options.onChange(false);
  }

  /** `source` is the caller whose call failed; null when the failure is certain not to be of a caller's making. */
  failed(source: string | null): void {
    if (this.isOpen) return;
    this.#failures += 1;
    this.#source ??= source ?? undefined;
    this.#isCertain ||= source === null || source !== this.#source;
    if (this.#failures < this.#options.threshold) return;
    if (this.#isCertain) this.#open();
    else void this.#probe();
  }

  close(): void {
    clearTimeout(this.#timer);
    this.#isProbing = true;
  }

  #open(): void {
    this.isOpen = true;
    this.#options.onChange(true);
    this.#probeLater();
  }

  #probeLater(): void {
    this.#timer = this.#schedule(() => void this.#probe(), this.#options.probeMs);
  }

  async #probe(): Promise<void> {
    if (this.#isProbing) return;
    this.#isProbing = true;
    const isThere = await this.#options.probe();
    this.#isProbing = false;
    if (isThere) this.answered();
    else if (this.isOpen) this.#probeLater();
    else this.failed(null);
  }
}
