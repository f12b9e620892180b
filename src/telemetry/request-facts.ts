import { CallFacts } from '../upstream/call-facts.ts';

const none: readonly string[] = [];

/** What is known of one operation when it has ended. Names and codes, never a value. */
export class OperationFacts extends CallFacts {
  /** The name that the document declares, at most 128 characters of it. */
  name: string | null = null;
  /** query or mutation; null when the document was refused. */
  kind: string | null = null;
  /** Tells documents apart: see `Operation.hash`. */
  document: string | null = null;
  /** The codes of top-level errors. */
  errors: readonly string[] = none;
  /** The codes of the payloads' userErrors. */
  userErrors: readonly string[] = none;
  /** A write was answered with what an earlier call had made. */
  isReplayed = false;
  /** A write was in doubt, and the gateway found out that it was done, or did it. */
  isRecovered = false;
  /** It stays unknown whether a write was done. */
  isUnknown = false;

  /** How a mutation field ended; `doubts` as they were before it. */
  addPayload(
    {
      userErrors,
      idempotency,
    }: { userErrors: readonly { code: string }[]; idempotency?: { replayed: boolean } },
    doubts: number,
  ): void {
    if (userErrors.length > 0) this.userErrors = [...this.userErrors, ...userErrors.map(({ code }) => code)];
    else if (this.doubts > doubts) this.isRecovered = true;
    if (idempotency?.replayed === true) this.isReplayed = true;
  }
}

/** What is known of one HTTP request when its answer is out, or nobody waits for it any more. */
export class RequestFacts {
  readonly requestId: string;
  /** Null when it could not be read. */
  readonly method: string | null;
  readonly startedAt = performance.now();
  /** The caller's name; null while nobody is known to call. */
  caller: string | null = null;
  callerKind: 'service' | 'user' | null = null;
  /** Null when the caller left before there was one. */
  status: number | null = null;
  /** Why it was refused before any operation was read. */
  refusal: string | null = null;
  /** In the order of a batch. */
  readonly operations: OperationFacts[] = [];

  constructor(requestId: string, method: string | null) {
    this.requestId = requestId;
    this.method = method;
  }

  knows({ name, kind }: { name: string; kind: 'service' | 'user' }): void {
    this.caller = name;
    this.callerKind = kind;
  }

  addOperation(): OperationFacts {
    const operation = new OperationFacts();
    this.operations.push(operation);
    return operation;
  }
}

/** Told of each request once, when all of it has ended. */
export type RequestListener = (request: RequestFacts, ms: number) => void;
