import { describe, expect, test } from 'vitest';
import { CONNECTIONS, connection, ENDPOINTS, type Json, slackUser, start, type Started } from './start.ts';

const CALLBACK = '/v1/integrations/chat/oauth/callback';
const owner = { integrationIdentifier: 'slack-prod', subscriberId: 'user-1' };

/** The state of a link that Novu gives out. */
async function link(novu: Started, changes: Json = {}, kind = 'channel-connections'): Promise<string> {
  const { status, data } = await novu.call('POST', `/v1/integrations/${kind}/oauth`, {
    ...owner,
    ...changes,
  });
  expect(status).toBe(201);
  return new URL(String(data['url'])).searchParams.get('state') ?? '';
}

/** The user's browser, back from the provider: it sends no key. */
async function comeBack(novu: Started, state: string, code = 'T1.U1') {
  const query = new URLSearchParams({ code, state });
  const response = await fetch(`${novu.url}${CALLBACK}?${query}`, { redirect: 'manual' });
  const text = await response.text();
  return { status: response.status, type: response.headers.get('content-type'), text };
}

const messageOf = (text: string): unknown => (JSON.parse(text) as Json)['message'];

describe('the callback of Slack', () => {
  test('makes the connection that the link is for, and closes the tab', async () => {
    await using novu = await start();
    const state = await link(novu, { connectionIdentifier: 'acme', context: { tenant: 'a' } });
    expect(await comeBack(novu, state)).toEqual({
      status: 200,
      type: 'text/html; charset=utf-8',
      text: '<script>window.close();</script>',
    });
    expect(novu.sandbox.connections()).toMatchObject([
      { identifier: 'acme', subscriberId: 'user-1', contextKeys: ['tenant:a'], workspace: { id: 'T1' } },
    ]);
    expect(novu.sandbox.endpoints()).toEqual([]);
    expect(novu.sandbox.journal).toMatchObject([{ kind: 'create', identifier: 'acme' }]);
  });

  test('updates the one of integration, subscriber and exact context, which keeps its identifier', async () => {
    let now = Date.now();
    await using novu = await start({ clock: () => now });
    await novu.call('POST', CONNECTIONS, connection({ identifier: 'old', context: { tenant: 'a' } }));
    now += 1000;
    for (const connectionIdentifier of [undefined, 'new']) {
      const state = await link(novu, { connectionIdentifier, context: { tenant: 'a' } });
      expect((await comeBack(novu, state, 'T2')).status).toBe(200);
    }
    const rows = novu.sandbox.connections();
    expect(rows).toMatchObject([{ identifier: 'old', workspace: { id: 'T2' } }]);
    expect(rows[0]?.updatedAt).toBe(new Date(now).toISOString());
    await comeBack(novu, await link(novu), 'T3');
    expect(novu.sandbox.connections()).toHaveLength(2);
  });

  test('overwrites any connection whose identifier is given, also that of somebody else', async () => {
    await using novu = await start();
    await novu.call('POST', CONNECTIONS, connection({ identifier: 'theirs', subscriberId: 'user-2' }));
    await comeBack(novu, await link(novu, { connectionIdentifier: 'theirs' }), 'T9');
    expect(novu.sandbox.connections()).toMatchObject([
      { identifier: 'theirs', subscriberId: 'user-2', workspace: { id: 'T9' } },
    ]);
  });

  test('makes a shared connection without a subscriber', async () => {
    await using novu = await start();
    await comeBack(novu, await link(novu, { connectionMode: 'shared', context: { tenant: 'a' } }));
    expect(novu.sandbox.connections()).toMatchObject([{ subscriberId: null }]);
  });

  test('links the user too where autoLinkUser is true, and ends in a 500 for a user that is linked', async () => {
    await using novu = await start();
    await comeBack(novu, await link(novu, { connectionIdentifier: 'acme', autoLinkUser: true }));
    expect(novu.sandbox.endpoints()).toMatchObject([
      { type: 'slack_user', endpoint: { userId: 'U1' }, connectionIdentifier: 'acme' },
    ]);
    const again = await comeBack(novu, await link(novu, { autoLinkUser: true }), 'T2.U1');
    expect(again.status).toBe(500);
    expect(novu.sandbox.connections()).toMatchObject([{ identifier: 'acme', workspace: { id: 'T2' } }]);
  });

  test('links a user alone by a link for that', async () => {
    await using novu = await start();
    const state = await link(novu, {}, 'channel-endpoints');
    await comeBack(novu, state, 'U7');
    expect(novu.sandbox.connections()).toEqual([]);
    expect(novu.sandbox.endpoints()).toMatchObject([{ type: 'slack_user', endpoint: { userId: 'U7' } }]);
  });

  test('makes an endpoint of an incoming webhook', async () => {
    await using novu = await start();
    await comeBack(novu, await link(novu, { scope: ['incoming-webhook'] }), 'webhook');
    expect(novu.sandbox.endpoints()).toMatchObject([{ type: 'webhook', subscriberId: 'user-1' }]);
  });

  test.each([
    ['a code that Slack refuses', 'refused', (state: string) => state, 'Slack OAuth error: invalid_code'],
    ['no code', '', (state: string) => state, 'Missing required parameter: code'],
    ['a changed state', 'T1', forge, 'Invalid OAuth state parameter'],
    ['no state', 'T1', () => '', 'Invalid OAuth state parameter - cannot extract provider'],
  ])('refuses %s', async (_name, code, change, message) => {
    await using novu = await start();
    const answer = await comeBack(novu, change(await link(novu)), code);
    expect([answer.status, messageOf(answer.text)]).toEqual([400, message]);
    expect(novu.sandbox.connections()).toEqual([]);
  });

  test('refuses a link that is older than five minutes', async () => {
    let now = Date.now();
    await using novu = await start({ clock: () => now });
    const state = await link(novu);
    now += 300_001;
    const answer = await comeBack(novu, state);
    expect([answer.status, messageOf(answer.text)]).toEqual([400, 'Invalid OAuth state parameter']);
  });

  test('refuses a link whose integration is gone', async () => {
    await using novu = await start();
    const state = await link(novu);
    novu.sandbox.removeIntegration('slack-prod');
    expect((await comeBack(novu, state)).status).toBe(404);
  });

  test('goes on to the address that the integration names', async () => {
    await using novu = await start();
    const credentials = {
      clientId: 'c',
      secretKey: 'sandbox-secret',
      redirectUrl: 'https://app.example.com/done',
    };
    novu.sandbox.addIntegration({
      identifier: 'slack-prod',
      providerId: 'slack',
      channel: 'chat',
      credentials,
    });
    expect((await comeBack(novu, await link(novu))).status).toBe(302);
  });
});

/** The same state for another subscriber, with the signature of the first. */
function forge(state: string): string {
  const decoded = Buffer.from(state, 'base64url').toString().replace('user-1', 'user-2');
  return Buffer.from(decoded).toString('base64url');
}

describe('an OAuth link', () => {
  test.each([
    ['slack-prod', 'channel-connections', {}],
    ['webex-prod', 'channel-endpoints', { connectionIdentifier: 'webex' }],
  ])('for %s creates a missing subscriber', async (integrationIdentifier, kind, changes) => {
    await using novu = await start();
    await link(novu, { ...changes, integrationIdentifier, subscriberId: 'newcomer' }, kind);
    expect(novu.sandbox.subscribers().at(-1)).toMatchObject({ subscriberId: 'newcomer' });
  });

  test('into Telegram creates a missing subscriber', async () => {
    await using novu = await start();
    const body = { integrationIdentifier: 'telegram-prod', subscriberId: 'newcomer' };
    expect((await novu.call('POST', '/v1/integrations/channel-endpoints/link', body)).status).toBe(200);
    expect(novu.sandbox.subscribers().at(-1)).toMatchObject({ subscriberId: 'newcomer' });
  });

  test('needs an existing subscriber on older servers', async () => {
    await using novu = await start({ oauthSubscribers: 'required' });
    const body = { ...owner, subscriberId: 'newcomer' };
    const { status, json } = await novu.call('POST', '/v1/integrations/channel-connections/oauth', body);
    expect([status, json['message']]).toEqual([404, 'Subscriber not found: newcomer']);
  });

  test('of the deprecated route is for Webex too, and needs no contextHash', async () => {
    await using novu = await start();
    const ask = async (changes: Json) =>
      (await novu.call('POST', '/v1/integrations/chat/oauth', { ...owner, ...changes })).status;
    expect(await ask({ integrationIdentifier: 'webex-prod' })).toBe(201);
    expect(await ask({ integrationIdentifier: 'slack-hmac', context: { tenant: 'a' } })).toBe(201);
  });

  test('for MS Teams does not look at connectionMode', async () => {
    await using novu = await start();
    const changes = { integrationIdentifier: 'teams-prod', connectionMode: 'shared' };
    const { data } = await novu.call('POST', '/v1/integrations/channel-connections/oauth', {
      ...owner,
      ...changes,
    });
    expect(data['url']).toContain(
      'https://login.microsoftonline.com/organizations/v2.0/adminconsent?client_id=',
    );
  });
});

describe('the page that plays the consent', () => {
  const pageOf = async (novu: Started): Promise<string> => {
    const { data } = await novu.call('POST', '/v1/integrations/channel-connections/oauth', owner);
    return String(data['url']);
  };
  const hrefOf = (page: string, id: string): string =>
    (new RegExp(`id="${id}" href="([^"]+)"`).exec(page)?.[1] ?? '').replaceAll('&amp;', '&');

  test('leads back to the callback, which connects', async () => {
    await using novu = await start({ consentPages: 'sandbox' });
    const page = await (await fetch(await pageOf(novu))).text();
    expect(page).toContain('<li>chat:write</li>');
    const done = await fetch(hrefOf(page, 'allow'));
    expect([done.status, await done.text()]).toEqual([200, '<script>window.close();</script>']);
    expect(novu.sandbox.connections()).toMatchObject([{ subscriberId: 'user-1' }]);
  });

  test('can be left without consent', async () => {
    await using novu = await start({ consentPages: 'sandbox' });
    const page = await (await fetch(await pageOf(novu))).text();
    expect((await fetch(hrefOf(page, 'cancel'))).status).toBe(400);
    expect(novu.sandbox.connections()).toEqual([]);
  });

  test('leads nowhere else, and repeats nothing as HTML', async () => {
    await using novu = await start();
    const url = `${novu.url}/sandbox/oauth/authorize`;
    expect((await fetch(`${url}?redirect_uri=https://evil.example.com/`)).status).toBe(400);
    const query = new URLSearchParams({
      redirect_uri: `${novu.url}${CALLBACK}`,
      scope: '<img>',
      state: '"<b>',
    });
    const page = await (await fetch(`${url}?${query}`)).text();
    expect(page).not.toMatch(/<img|<b>|"%22</);
  });
});

test('a change of tokens is refused when they rotate and the integration is gone', async () => {
  await using novu = await start();
  await novu.call('POST', CONNECTIONS, connection({ identifier: 'acme' }));
  await novu.call('POST', ENDPOINTS, slackUser({ connectionIdentifier: 'acme' }));
  novu.sandbox.removeIntegration('slack-prod');
  const body = (auth: Json): Json => ({ workspace: { id: 'T2' }, auth });
  const refused = await novu.call(
    'PATCH',
    `${CONNECTIONS}/acme`,
    body({ accessToken: 'a', refreshToken: 'r' }),
  );
  expect([refused.status, refused.json['message']]).toEqual([404, 'Integration "slack-prod" not found']);
  expect((await novu.call('PATCH', `${CONNECTIONS}/acme`, body({ accessToken: 'a' }))).status).toBe(200);
});
