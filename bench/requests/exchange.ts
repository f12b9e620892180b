/** One way to ask for an operation. What is asked with GraphQL is never equal: of equal requests a gateway may make one call. */
export type Exchange = {
  method: 'GET' | 'POST';
  headers: Record<string, string>;
  /** A header line that differs from request to request. */
  credentials?: (id: string) => string;
  path: (id: string) => string;
  /** ASCII. */
  body?: (id: string) => string;
  /** The parsed body that must come back. */
  answer: (id: string) => unknown;
};

/** An operation in the two forms that are compared. */
export type Operation = {
  /** As the table calls it. */
  name: string;
  /** What the bare proxy is asked. */
  rest: Exchange;
  /** What the others are asked. */
  graphql: Exchange;
  /** Calls to Novu for one request; a cost is compared with as many requests of the bare proxy. @default 1 */
  calls?: number;
  /** @default those of the run */
  connections?: number;
};
