/** A Novu that answers what it always answers, as cheaply as node:http can. */
import { listen, report } from './contender.ts';
import { collection, connection, novuHeaders } from './operations.ts';

const identifierInExample = JSON.stringify(connection.identifier);
const [before = '', after = ''] = JSON.stringify({ data: connection }).split(identifierInExample);
const bodyOf = (identifier: string) => `${before}"${identifier}"${after}`;
const created = bodyOf(connection.identifier);
const rawHeaders = Object.entries(novuHeaders).flat();
let served = 0;

listen(
  (req, res) => {
    served += 1;
    res.sendDate = false;
    const body = req.method === 'POST' ? created : bodyOf((req.url ?? '').slice(collection.length + 1));
    const answer = () =>
      res
        .writeHead(req.method === 'POST' ? 201 : 200, [...rawHeaders, 'content-length', String(body.length)])
        .end(body, 'latin1');
    if (req.method !== 'POST') answer();
    else req.on('end', answer).resume();
  },
  (url) => report(url, () => served),
);
