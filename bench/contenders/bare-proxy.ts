/** The least that anything between a caller and Novu must do: node:http, undici, one body each way, nothing parsed. */
import { createServer } from 'node:http';
import { Pool } from 'undici';
import { novuKey } from '../requests/novu.ts';
import { listening, novuUrl } from './control.ts';

const pool = new Pool(novuUrl, { connections: 64, pipelining: 1, allowH2: false });
const authorization = `ApiKey ${novuKey}`;

const server = createServer({ keepAliveTimeout: 65_000 }, (req, res) => {
  const sent: Buffer[] = [];
  req.on('data', (chunk: Buffer) => sent.push(chunk));
  req.on('end', () => {
    const received: Buffer[] = [];
    let status = 0;
    let contentType = '';
    const headers = ['authorization', authorization];
    if (sent.length > 0) {
      headers.push('content-type', 'application/json');
      headers.push('idempotency-key', String(req.headers['idempotency-key']));
    }
    pool.dispatch(
      {
        method: req.method === 'POST' ? 'POST' : 'GET',
        path: req.url ?? '/',
        headers,
        body: sent.length === 0 ? null : Buffer.concat(sent),
      },
      {
        onRequestStart: () => undefined,
        onResponseStart(_controller, statusCode, responseHeaders) {
          status = statusCode;
          contentType = String(responseHeaders['content-type']);
        },
        onResponseData(_controller, chunk) {
          received.push(chunk);
        },
        onResponseEnd() {
          const body = Buffer.concat(received);
          res.writeHead(status, { 'content-type': contentType, 'content-length': body.length }).end(body);
        },
        onResponseError() {
          res.writeHead(502).end();
        },
      },
    );
  });
});
server.listen(...listening);
