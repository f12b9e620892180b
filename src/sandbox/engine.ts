import { createFaultQueue, type Fault, type FaultQueue } from './faults.ts';
import type { Query, Reply } from './http.ts';
import { createIdempotency, type Idempotency } from './idempotency.ts';
import type { ResolvedOptions } from './options.ts';
import { createRateLimit, type RateLimit } from './rate-limit.ts';
import { createRouter, type FindRoute } from './routes.ts';
import { createState, type State, seed, type TableName, type WriteKind } from './state.ts';

export type RecordedRequest = {
  /** Counts every request since the start or the last reset, also those no longer remembered. */
  index: number;
  method: string;
  path: string;
  query: Query;
  headers: Record<string, string | string[] | undefined>;
  /** As sent; undefined beyond Novu's limit of 100 KB. */
  body: string | undefined;
  rawHeaders: string[];
  /** Milliseconds by the sandbox's clock. */
  at: number;
  /** null until it is answered, and for good when it never is. */
  status: number | null;
  fault: Fault['kind'] | null;
};

export type JournalEntry = {
  kind: WriteKind;
  table: TableName;
  /** Of a subscriber its subscriberId, of a context `type:id`. */
  identifier: string;
  /** Milliseconds by the sandbox's clock. */
  at: number;
  /** `index` of the request that did it. */
  requestIndex: number;
};

export type OnRequest = (request: RecordedRequest) => Fault | undefined;

/** The parts that one server works on. */
export type Engine = {
  state: State;
  findRoute: FindRoute;
  rateLimit: RateLimit;
  idempotency: Idempotency;
  faults: FaultQueue;
  requests: RecordedRequest[];
  journal: JournalEntry[];
  /** Successful answers by method and URL, for a proxy's cache; a bounded number. */
  answers: Map<string, Reply>;
  hooks: { onRequest: OnRequest | undefined };
  nextIndex: () => number;
  /** Back to the seed: no rows, no keys, full buckets, no faults, no records, nothing cached. */
  reset: () => void;
};

export function createEngine(options: ResolvedOptions): Engine {
  let count = 0;
  const state = createState(options);
  const engine: Engine = {
    state,
    findRoute: createRouter(state),
    rateLimit: createRateLimit(options),
    idempotency: createIdempotency(options),
    faults: createFaultQueue(),
    requests: [],
    journal: [],
    answers: new Map(),
    hooks: { onRequest: undefined },
    nextIndex: () => count++,
    reset() {
      count = 0;
      seed(state);
      engine.rateLimit.clear();
      engine.idempotency.clear();
      engine.faults.clear();
      engine.requests.length = 0;
      engine.journal.length = 0;
      engine.answers.clear();
    },
  };
  return engine;
}
