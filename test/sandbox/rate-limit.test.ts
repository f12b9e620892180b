import { expect, test } from 'vitest';
import { type Answer, CONNECTIONS, start, type Started } from './start.ts';

const facts = ({ status, headers }: Answer) => [
  status,
  headers.get('ratelimit-remaining'),
  headers.get('ratelimit-reset'),
  headers.get('retry-after'),
];

const read = (novu: Started, path = CONNECTIONS): Promise<Answer> => novu.call('GET', path);

async function empty(novu: Started, calls: number): Promise<void> {
  for (let call = 0; call < calls; call += 1) await read(novu);
}

test('a bucket holds ten percent more than its window', async () => {
  await using novu = await start({ tier: 'free', clock: () => 0 });
  const first = await read(novu);
  expect(facts(first)).toEqual([200, '109', '1', null]);
  expect(first.headers.get('ratelimit-limit')).toBe('100');
  expect(first.headers.get('ratelimit-policy')).toBe(
    '100;w=5;burst=110;comment="token bucket";category="configuration";cost="single";serviceLevel="free"',
  );
  await empty(novu, 108);
  expect(facts(await read(novu))).toEqual([200, '0', '1', null]);
  const denied = await read(novu);
  expect(facts(denied)).toEqual([429, '0', '1', '1']);
  expect(denied.json).toMatchObject({
    statusCode: 429,
    message: 'API rate limit exceeded',
    path: CONNECTIONS,
    ctx: {},
  });
});

test('it refills only when it is empty, by the time that has passed', async () => {
  let now = 0;
  await using novu = await start({ tier: 'free', clock: () => now });
  await empty(novu, 1);
  now += 4000;
  // Nothing was added, and the moment of the reset is long past.
  expect(facts(await read(novu))).toEqual([200, '108', '0', null]);
  await empty(novu, 108);
  // 4000 ms are 80 tokens of 50 ms.
  expect(facts(await read(novu))).toEqual([200, '79', '1', null]);
});

test('a denied caller stays out until the reset', async () => {
  let now = 0;
  await using novu = await start({ tier: 'free', clock: () => now });
  await empty(novu, 110);
  expect((await read(novu)).status).toBe(429);
  now += 49;
  expect((await read(novu)).status).toBe(429);
  now += 1;
  expect(facts(await read(novu))).toEqual([200, '0', '1', null]);
});

test('a bucket that nobody refilled for ten seconds is a new one', async () => {
  let now = 0;
  await using novu = await start({ tier: 'free', clock: () => now });
  await empty(novu, 50);
  now += 10_000;
  expect(facts(await read(novu))).toEqual([200, '109', '1', null]);
});

test('integrations have a bucket of their own', async () => {
  await using novu = await start({ tier: 'free', clock: () => 0 });
  await empty(novu, 111);
  const { status, headers } = await read(novu, '/v1/integrations');
  expect([status, headers.get('ratelimit-limit'), headers.get('ratelimit-remaining')]).toEqual([
    200,
    '150',
    '164',
  ]);
  expect(headers.get('ratelimit-policy')).toContain('category="global"');
});

test.each([
  ['pro', '400'],
  ['business', '1000'],
  ['unlimited', '10000'],
] as const)('the plan %s allows %s in five seconds', async (tier, limit) => {
  await using novu = await start({ tier });
  const { headers } = await read(novu);
  expect(headers.get('ratelimit-limit')).toBe(limit);
  expect(headers.get('ratelimit-policy')).toContain(`serviceLevel="${tier}"`);
});

test('switched off, there are no headers and no limit', async () => {
  await using novu = await start({ tier: 'free', rateLimiting: false, clock: () => 0 });
  await empty(novu, 120);
  expect(facts(await read(novu))).toEqual([200, null, null, null]);
});

test('time that made no whole token is not lost', async () => {
  let now = 0;
  await using novu = await start({ tier: 'free', clock: () => now });
  await empty(novu, 110);
  now += 75;
  expect(facts(await read(novu))).toEqual([200, '0', '1', null]);
  now += 25;
  expect((await read(novu)).status).toBe(200);
  expect((await read(novu)).status).toBe(429);
});
