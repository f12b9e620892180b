/** The part of autocannon 9 that the benchmark uses; the package has no types. */
declare module 'autocannon' {
  export type RawRequest = { method: string; path: string; headers: Record<string, string>; body?: string };

  export type Options = {
    url: string;
    connections: number;
    /** Seconds. Not with `amount`. */
    duration?: number;
    /** Requests in all. */
    amount?: number;
    /** Milliseconds between looks at whether it is time to end. @default 1000 */
    sampleInt?: number;
    requests: { setupRequest: (request: RawRequest) => RawRequest }[];
    verifyBody?: (body: string) => boolean;
  };

  export type Result = {
    '2xx': number;
    non2xx: number;
    errors: number;
    timeouts: number;
    /** Answers that `verifyBody` refused. */
    mismatches: number;
    /** Seconds. */
    duration: number;
  };

  export default function autocannon(options: Options): Promise<Result>;
}
