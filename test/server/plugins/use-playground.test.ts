import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createSchema, createYoga } from 'graphql-yoga';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { usePlayground } from '../../../src/server/plugins/use-playground.ts';
import { launchBrowser } from '../../support/browser.ts';

const secret = 'not-to-be-kept';

const yoga = createYoga({
  graphiql: false,
  landingPage: false,
  logging: false,
  schema: createSchema<{ request: Request }>({
    typeDefs: /* GraphQL */ `
      type Query {
        apiKeyLength: Int!
      }
      type Mutation {
        createBox(input: CreateBoxInput!): CreateBoxPayload
      }
      input CreateBoxInput {
        name: String!
        token: String!
      }
      type CreateBoxPayload {
        box: Box
      }
      type Box {
        name: String!
      }
    `,
    resolvers: {
      Query: { apiKeyLength: (_root, _args, { request }) => request.headers.get('x-api-key')?.length ?? 0 },
      Mutation: {
        createBox: (_root, { input }: { input: { name: string } }) => ({
          box: { name: `${input.name}, made` },
        }),
      },
    },
  }),
  plugins: [
    usePlayground({
      title: 'Boxes <b>& more</b>',
      tabs: [
        {
          query: 'mutation CreateBox($input: CreateBoxInput!) { createBox(input: $input) { box { name } } }',
          variables: { input: { name: 'One</script>', token: secret } },
        },
        { query: 'query ApiKeyLength { apiKeyLength }', headers: { 'x-api-key': secret } },
      ],
    }),
  ],
});

const asBrowser = { accept: 'text/html,application/xhtml+xml' };

describe('in a browser', () => {
  const server = createServer((request, response) => void yoga(request, response));
  const origins = new Set<string>();
  const complaints: string[] = [];
  let address: string;
  let browser: Browser;
  let page: Page;

  beforeAll(async () => {
    await once(server.listen(0, '127.0.0.1'), 'listening');
    address = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    browser = await launchBrowser();
    page = await browser.newPage();
    page.setDefaultTimeout(10_000);
    page.context().on('request', (request) => origins.add(new URL(request.url()).origin));
    page.on('pageerror', (error) => complaints.push(error.message));
    page.on('console', (message) => {
      if (message.type() === 'error') complaints.push(message.text());
    });
    await page.addInitScript(() => {
      document.addEventListener('securitypolicyviolation', (event) => {
        // oxlint-disable-next-line no-console -- the console is how the page tells the test
        console.error(event.violatedDirective, event.blockedURI);
      });
      // GraphiQL stores what it stores with a delay: there is none here.
      const later = window.setTimeout.bind(window);
      Object.assign(window, { setTimeout: (run: () => void) => later(run) });
    });
    await page.goto(`${address}/graphql`);
  });

  afterAll(async () => {
    await browser?.close();
    server.close();
  });

  test('a tab stands for each operation, under its name', async () => {
    await page.getByRole('tab', { name: /^CreateBox/, selected: true }).waitFor();
    await page.getByRole('tab', { name: /^ApiKeyLength/ }).waitFor();
    expect(await page.getByRole('tab').count()).toBe(2);
  });

  test('the title is text, never markup', async () => {
    await page.getByText('Boxes <b>& more</b>').waitFor();
    expect(await page.title()).toBe('Boxes <b>& more</b>');
  });

  test('the first operation runs as it stands', async () => {
    await page.getByRole('button', { name: /^Execute/ }).click();
    await page.getByLabel('Result Window').getByText('"One</script>, made"').waitFor();
    expect(complaints).toEqual([]);
  });

  test('the schema is read for the documentation', async () => {
    await page.getByRole('button', { name: 'Show Documentation Explorer' }).click();
    await page.getByRole('link', { name: 'CreateBoxPayload' }).waitFor();
    expect(complaints).toEqual([]);
  });

  test('headers have an editor and are sent', async () => {
    await page.getByRole('tab', { name: /^ApiKeyLength/ }).click();
    await page.getByRole('button', { name: 'Headers' }).click();
    await page.getByLabel('Headers').getByText('"x-api-key"').waitFor();
    await page.getByRole('button', { name: /^Execute/ }).click();
    await page.getByLabel('Result Window').getByText(String(secret.length)).waitFor();
    expect(complaints).toEqual([]);
  });

  test('nothing that was typed or sent is stored, or put into the address', async () => {
    await page.getByRole('tab', { name: /^CreateBox/ }).click();
    await page.getByLabel('Operation Editor').locator('.view-line').first().click();
    await page.keyboard.press('ControlOrMeta+A');
    await page.keyboard.insertText(`query Typed { apiKeyLength } # ${secret}`);
    await page.getByRole('tab', { name: /^Typed/ }).waitFor();
    await page.evaluate(() => new Promise((resolve) => setTimeout(resolve)));
    expect(page.url()).toBe(`${address}/graphql`);
    expect(await page.evaluate(() => [localStorage, sessionStorage].flatMap(Object.keys))).toEqual([]);
    expect(await page.context().cookies()).toEqual([]);
  });

  test('no other host was asked, no error was logged and the policy was kept', () => {
    expect([...origins]).toEqual([address]);
    expect(complaints).toEqual([]);
  });
});

describe('over HTTP', () => {
  const get = (path: string, headers: Record<string, string> = {}) =>
    yoga.fetch(`http://gateway.test${path}`, { headers });

  async function findScript(): Promise<string> {
    const html = await (await get('/graphql', asBrowser)).text();
    const path = /src="\.(\/graphql\/assets\/[^"]+\/graphiql\.js)"/.exec(html)?.[1];
    if (!path) throw new Error(`No script in ${html}`);
    return path;
  }

  test('the page goes out under a strict policy and is not cached', async () => {
    const response = await get('/graphql', asBrowser);
    expect(response.status).toBe(200);
    expect(Object.fromEntries(response.headers)).toMatchObject({
      'content-type': 'text/html; charset=utf-8',
      'cache-control': 'no-store',
      'cross-origin-opener-policy': 'same-origin',
      'referrer-policy': 'no-referrer',
      'x-content-type-options': 'nosniff',
      'x-frame-options': 'DENY',
    });
    const policy = response.headers.get('content-security-policy');
    expect(policy).toMatch(/^default-src 'none'; script-src 'self'; /);
    expect(policy).toContain("frame-ancestors 'none'");
    expect(policy).not.toContain('unsafe-eval');
  });

  test('a client that does not ask for HTML talks to GraphQL', async () => {
    const response = await get('/graphql?query={apiKeyLength}', { accept: 'application/json' });
    expect(await response.json()).toEqual({ data: { apiKeyLength: 0 } });
  });

  test.each([
    ['gzip, deflate, br', 'br'],
    ['gzip, br;q=0', 'gzip'],
    ['zstd', null],
  ])('a file is sent for good to whoever accepts %s, encoded as %s', async (accepted, coding) => {
    const response = await get(await findScript(), { 'accept-encoding': accepted });
    expect(response.status).toBe(200);
    expect(response.headers.get('content-encoding')).toBe(coding);
    expect(response.headers.get('content-type')).toBe('text/javascript; charset=utf-8');
    expect(response.headers.get('cache-control')).toBe('public, max-age=31536000, immutable');
    expect(response.headers.get('vary')).toBe('accept-encoding');
    expect((await response.arrayBuffer()).byteLength).toBe(Number(response.headers.get('content-length')));
  });

  test('a file that the client has already is not sent again', async () => {
    const path = await findScript();
    const etag = (await get(path)).headers.get('etag') ?? '';
    const response = await get(path, { 'if-none-match': etag });
    expect(response.status).toBe(304);
    expect(await response.text()).toBe('');
  });

  test.each(['/graphql/assets/another-version/graphiql.js', '/graphql/assets/'])(
    '%s is not one of its files',
    async (path) => {
      expect((await get(path)).status).toBe(404);
    },
  );
});
