/** Novu's own SDK behind node:http, without GraphQL: what a service would do that calls Novu by the book. */
import { createServer, type IncomingMessage } from 'node:http';
import { text } from 'node:stream/consumers';
import { Novu } from '@novu/api';
import { novuKey } from '../requests/novu.ts';
import { listening, novuUrl } from './control.ts';

const { channelConnections } = new Novu({
  serverURL: novuUrl,
  secretKey: novuKey,
  retryConfig: { strategy: 'none' },
});

async function answer(req: IncomingMessage): Promise<unknown> {
  const url = new URL(req.url ?? '/', 'http://localhost');
  if (req.method === 'POST') {
    const key = req.headers['idempotency-key']?.toString();
    return { data: (await channelConnections.create(JSON.parse(await text(req)), key)).result };
  }
  const identifier = url.pathname.split('/')[3];
  if (identifier !== undefined) return { data: (await channelConnections.retrieve(identifier)).result };
  const limit = Number(url.searchParams.get('limit'));
  const integrationIdentifier = url.searchParams.get('integrationIdentifier') ?? '';
  return (await channelConnections.list({ limit, integrationIdentifier })).result;
}

const server = createServer({ keepAliveTimeout: 65_000 }, (req, res) => {
  answer(req).then(
    (body) => res.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(body)),
    () => res.writeHead(502).end(),
  );
});
server.listen(...listening);
