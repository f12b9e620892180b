import { NovuError } from '../upstream/errors.ts';
import type { ResponseFacts } from '../upstream/facts.ts';

/** A conflict that Novu's own answer does not name: what is in the way was found in a list. */
export class OccupiedError extends NovuError {
  readonly existingIdentifier: string;
  constructor(existingIdentifier: string, facts: ResponseFacts) {
    super('conflict', { facts });
    this.existingIdentifier = existingIdentifier;
  }
}
