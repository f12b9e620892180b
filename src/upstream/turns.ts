import type { Deadline } from './deadline.ts';
import { NovuError } from './errors.ts';
import { FairQueue } from './fair-queue.ts';
import { type Line, Lines } from './lines.ts';
import { Pacer, type RateCategory, type Ticket } from './pacer.ts';
import type { Signal } from './signal.ts';

export type TurnsOptions = {
  connections: number;
  maxInFlightPerCaller: number;
  maxQueue: number;
  maxQueuePerCaller: number;
  serviceWeight: number;
};

/** What a waiting call keeps of its time for the call itself. */
const patience = 0.9;

/** A call that may be sent. It holds a place until `Turns.release`. */
export type Turn = { readonly line: Line; readonly pacer: Pacer; readonly ticket: Ticket };

type Waiter = {
  readonly lane: Lane;
  readonly line: Line;
  readonly resolve: (turn: Turn) => void;
  readonly leave: (error: NovuError) => void;
  readonly end: () => void;
};

/** What one rate category holds back. */
type Lane = {
  readonly pacer: Pacer;
  readonly queue: FairQueue<Line, Waiter>;
  /** Calls wait for Novu's rate, so that nobody may pass them. */
  isPaced: boolean;
  timer: NodeJS.Timeout | undefined;
};

/**
 * Decides which call is sent next. Two things are scarce: connections, and what Novu's rate limit leaves, in each
 * category. Both are shared by caller:
 * - callers with waiting calls are served in turn, a service `serviceWeight` calls at a time, an end user one;
 * - a caller has at most `maxInFlightPerCaller` calls in flight; the last quarter of the connections is for callers
 *   that have fewer than their weight, so that somebody new finds a place although others' calls hang;
 * - a caller has at most `maxQueuePerCaller` calls waiting; when all places to wait are taken, the newest call of
 *   the caller that has most for its weight makes room.
 */
export class Turns {
  #inFlight = 0;
  #waiting = 0;
  readonly #options: TurnsOptions;
  /** Connections that anybody may use; the rest is for callers who have few calls in flight. */
  readonly #forAll: number;
  /** Each caller's part. */
  readonly lines: Lines;
  readonly #lanes: Record<RateCategory, Lane>;
  readonly #inTurn: [Lane, Lane];

  constructor(options: TurnsOptions, clock?: () => number) {
    this.#options = options;
    this.lines = new Lines(options.serviceWeight);
    this.#forAll = Math.ceil(options.connections * 0.75);
    const lane = (): Lane => ({
      pacer: new Pacer(clock),
      queue: new FairQueue(),
      isPaced: false,
      timer: undefined,
    });
    this.#lanes = { configuration: lane(), global: lane() };
    this.#inTurn = [this.#lanes.configuration, this.#lanes.global];
  }

  get inFlight(): number {
    return this.#inFlight;
  }

  get waiting(): number {
    return this.#waiting;
  }

  /** The turn of a call that need not wait, else undefined. */
  take(category: RateCategory, line: Line): Turn | undefined {
    const lane = this.#lanes[category];
    if (lane.isPaced || !this.#mayGo(line) || lane.pacer.waitMs(1) > 0) return undefined;
    return this.#give(lane, line);
  }

  /**
   * Resolves when the call may be sent. Rejects with `paced` when its deadline comes before Novu's rate allows it, at
   * once where that can be foreseen; with `busy` when it comes before a connection is free, or when too many wait;
   * with `aborted` when the caller leaves.
   */
  wait(category: RateCategory, line: Line, deadline: Deadline, signal?: Signal): Promise<Turn> {
    if (signal?.aborted) return Promise.reject(new NovuError('aborted'));
    const lane = this.#lanes[category];
    const willing = deadline.leftMs * patience;
    const expected = this.#expectedMs(lane, line, willing);
    if (expected >= willing)
      return Promise.reject(new NovuError('paced', { retryAfterMs: Math.ceil(expected) }));
    if (!this.#makeRoom(line)) return Promise.reject(busy(expected));

    const { promise, resolve, reject } = Promise.withResolvers<Turn>();
    const end = () => {
      clearTimeout(timer);
      signal?.removeEventListener('abort', onAbort);
      line.waiting -= 1;
      this.#waiting -= 1;
    };
    const leave = (error: NovuError) => {
      lane.queue.remove(line.id, waiter);
      end();
      reject(error);
    };
    const onAbort = () => leave(new NovuError('aborted'));
    const timer = setTimeout(() => {
      const ms = Math.max(1, Math.ceil(lane.pacer.backlogMs(lane.queue.aheadOf(line))));
      leave(lane.isPaced ? new NovuError('paced', { retryAfterMs: ms }) : busy(ms));
    }, willing);
    signal?.addEventListener('abort', onAbort);
    const waiter: Waiter = { lane, line, resolve, leave, end };
    line.waiting += 1;
    this.#waiting += 1;
    lane.queue.push(line, waiter);
    this.#drain(lane);
    return promise;
  }

  /** The call ended, and its pacer was told how. */
  release({ line }: Turn): void {
    line.inFlight -= 1;
    this.#inFlight -= 1;
    if (this.#waiting === 0) return;
    // The category that was served first is served last the next time.
    const [first, second] = this.#inTurn;
    this.#inTurn[0] = second;
    this.#inTurn[1] = first;
    this.#drain(first);
    this.#drain(second);
  }

  /** Ends all waiting with this error. */
  clear(error: () => NovuError): void {
    for (const lane of this.#inTurn) {
      clearTimeout(lane.timer);
      lane.isPaced = false;
      for (let waiter = lane.queue.take(always); waiter !== undefined; waiter = lane.queue.take(always))
        waiter.leave(error());
    }
  }

  readonly #mayGo = (line: Line): boolean => {
    const { connections, maxInFlightPerCaller } = this.#options;
    if (this.#inFlight >= connections || line.inFlight >= maxInFlightPerCaller) return false;
    return this.#inFlight < this.#forAll || line.inFlight < line.weight;
  };

  #give(lane: Lane, line: Line): Turn {
    line.inFlight += 1;
    this.#inFlight += 1;
    return { line, pacer: lane.pacer, ticket: lane.pacer.take() };
  }

  #expectedMs({ pacer, queue }: Lane, line: Line, willing: number): number {
    // Whoever is willing to wait for all of them need not know how many go first.
    const behindAll = pacer.backlogMs(queue.size);
    return behindAll < willing ? behindAll : pacer.backlogMs(queue.aheadOf(line));
  }

  /** Whether one more call of this caller may wait. */
  #makeRoom(line: Line): boolean {
    if (line.waiting >= this.#options.maxQueuePerCaller) return false;
    if (this.#waiting < this.#options.maxQueue) return true;
    let longest: { load: number; last: Waiter } | undefined;
    for (const { queue } of this.#inTurn) {
      const one = queue.longest();
      if (one !== undefined && one.load > (longest?.load ?? 0)) longest = one;
    }
    if (longest === undefined || longest.load <= (line.waiting + 1) / line.weight) return false;
    longest.last.leave(busy(0));
    return true;
  }

  #drain(lane: Lane): void {
    clearTimeout(lane.timer);
    lane.isPaced = false;
    while (lane.queue.size > 0) {
      const ms = lane.pacer.waitMs(lane.queue.size);
      if (ms > 0) {
        lane.isPaced = true;
        if (Number.isFinite(ms)) lane.timer = setTimeout(() => this.#drain(lane), Math.ceil(ms));
        return;
      }
      const waiter = lane.queue.take(this.#mayGo);
      if (waiter === undefined) return;
      waiter.end();
      waiter.resolve(this.#give(lane, waiter.line));
    }
  }
}

const always = () => true;

const busy = (expectedMs: number) =>
  new NovuError('busy', { retryAfterMs: Math.max(1_000, Math.ceil(expectedMs)) });
