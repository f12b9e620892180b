/** A Novu that answers what it always answers, on bare sockets: it must cost less than the cheapest contender. */
import { createServer } from 'node:net';
import { createReader } from '../load/http1.ts';
import { collection, connection, novuHeaders, page, unwrapped } from '../requests/novu.ts';
import { counted, listening } from './control.ts';

const headers = Object.entries(novuHeaders)
  .map(([name, value]) => `${name}: ${value}\r\n`)
  .join('');
const answer = (status: string, body: string) =>
  `HTTP/1.1 ${status}\r\n${headers}content-length: ${body.length}\r\n\r\n${body}`;

const identifierInExample = JSON.stringify(connection.identifier);
const [before = '', after = ''] = JSON.stringify(connection).split(identifierInExample);
const rowOf = (identifier: string) => `${before}"${identifier}"${after}`;
const created = JSON.stringify(connection);
const listed = answer('200 OK', JSON.stringify(page));

/** What Novu says of a row that it does not have: the path and the identifier come back in it. */
const notFound = (identifier: string) =>
  answer(
    '404 Not Found',
    JSON.stringify({
      statusCode: 404,
      timestamp: connection.createdAt,
      path: `${collection}/${identifier}`,
      message: `Channel connection with identifier '${decodeURIComponent(identifier)}' not found`,
    }),
  );

function respond(method: string, path: string): string {
  const isBare = path.startsWith(unwrapped);
  const wrap = (row: string) => (isBare ? row : `{"data":${row}}`);
  const rest = path.slice((isBare ? unwrapped.length : 0) + collection.length);
  if (method === 'POST') return answer('201 Created', wrap(created));
  if (!rest.startsWith('/')) return listed;
  const identifier = rest.slice(1);
  return identifier.startsWith('%25') ? notFound(identifier) : answer('200 OK', wrap(rowOf(identifier)));
}

const server = createServer({ noDelay: true }, (socket) => {
  const read = createReader(({ head }) => {
    counted.served += 1;
    const [method = '', path = ''] = head.slice(0, head.indexOf('\r\n')).split(' ', 2);
    socket.write(respond(method, path), 'latin1');
  });
  socket.on('data', read).on('error', () => socket.destroy());
});
server.listen(...listening);
