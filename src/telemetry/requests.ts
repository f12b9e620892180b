import { RequestFacts, type RequestListener } from './request-facts.ts';

/** Begins and ends what is known of each request, for whoever listens. */
export class Requests {
  readonly #listeners: readonly RequestListener[];

  constructor(listeners: readonly RequestListener[]) {
    this.#listeners = listeners;
  }

  begin(requestId: string, method: string | null): RequestFacts {
    return new RequestFacts(requestId, method);
  }

  end(request: RequestFacts): void {
    const ms = performance.now() - request.startedAt;
    for (const listener of this.#listeners) listener(request, ms);
  }
}
