import type { RecordedRequest, Sandbox } from '../../src/sandbox/sandbox.ts';
import { drawFault } from './faults.ts';
import { createRandom } from './random.ts';

export type WeatherOptions = {
  seed: number;
  /** Of the requests to Novu. */
  faultShare: number;
  /** UPSTREAM_TIMEOUT_MS of the gateways. */
  upstreamTimeoutMs: number;
  /** Novu restarts after that many requests, again and again. */
  restartEvery: number;
};

export type Weather = { clear(): void; restarts(): number };

/** Faults by the seed, the story and the how-manieth request of the story it is, so that a story can be told again. */
export function makeWeather(sandbox: Sandbox, options: WeatherOptions): Weather {
  const counts = new Map<number, number>();
  let requests = 0;
  let restarts = 0;
  let restarting = false;
  sandbox.onRequest = (request) => {
    requests += 1;
    // Novu's own check-then-write races show in every other stretch.
    const races = requests % 1000 >= 500;
    sandbox.options.races = races;
    sandbox.options.latencyMs = races ? 4 : 0;
    if (requests % options.restartEvery === 0 && !restarting) {
      restarting = true;
      restarts += 1;
      const downMs = createRandom(options.seed, requests).int(0, 200);
      setImmediate(() => {
        void sandbox.restart(downMs).finally(() => {
          restarting = false;
        });
      });
    }
    const story = storyOf(request, sandbox);
    const count = (counts.get(story) ?? 0) + 1;
    counts.set(story, count);
    const random = createRandom(options.seed, story, count);
    return random.chance(options.faultShare) ? drawFault(random, options.upstreamTimeoutMs / 2) : undefined;
  };
  return {
    clear: () => {
      sandbox.onRequest = undefined;
    },
    restarts: () => restarts,
  };
}

const owners = new WeakMap<Sandbox, Map<string, number>>();

/** Number of the story that a request belongs to: creates say it in their contexts or subscriber, the rest by identifier. */
export function storyOf({ method, path, body }: RecordedRequest, sandbox: Sandbox): number {
  const known = owners.get(sandbox) ?? new Map<string, number>();
  owners.set(sandbox, known);
  const identifier = decodeURIComponent(path.split('/')[3] ?? '');
  if (method !== 'POST' || body === undefined) return known.get(identifier) ?? -1;
  const input = JSON.parse(body) as { identifier: string; auth: { accessToken: string } };
  const story = Number(input.auth.accessToken.split('-').at(-1));
  known.set(input.identifier, story);
  return story;
}
