/** A message of HTTP/1.1: its start line and headers, and the bytes of its body. */
export type Message = { head: string; body: Buffer };

const endOfHead = '\r\n\r\n';
const none: Buffer = Buffer.alloc(0);

/**
 * Cuts the bytes of one connection into messages (RFC 9112), as far as the benchmark needs it: bodies with a
 * content-length, chunked ones without trailers, none. The driver and the stand-in for Novu use it instead of node:http,
 * so that they take less of the machine than the cheapest program that is measured.
 */
export function createReader(onMessage: (message: Message) => void): (chunk: Buffer) => void {
  let pending = none;
  return (chunk) => {
    pending = pending.length === 0 ? chunk : Buffer.concat([pending, chunk]);
    while (pending.length > 0) {
      const at = pending.indexOf(endOfHead, 0, 'latin1');
      if (at < 0) return;
      const head = pending.toString('latin1', 0, at);
      const found = readBody(head, pending, at + endOfHead.length);
      if (found === null) return;
      pending = found.end === pending.length ? none : pending.subarray(found.end);
      onMessage({ head, body: found.body });
    }
  };
}

/** The body that begins at `start`; null when it has not come whole yet. */
function readBody(head: string, bytes: Buffer, start: number): { body: Buffer; end: number } | null {
  const length = /\r\ncontent-length: *(\d+)/i.exec(head);
  if (length !== null) {
    const end = start + Number(length[1]);
    return end > bytes.length ? null : { body: bytes.subarray(start, end), end };
  }
  if (!/\r\ntransfer-encoding: *chunked/i.test(head)) return { body: none, end: start };
  const parts: Buffer[] = [];
  for (let at = start; ; ) {
    const lineEnd = bytes.indexOf('\r\n', at, 'latin1');
    if (lineEnd < 0) return null;
    const size = Number.parseInt(bytes.toString('latin1', at, lineEnd), 16);
    const end = lineEnd + 2 + size + 2;
    if (Number.isNaN(size)) throw new Error('a chunk without a size');
    if (end > bytes.length) return null;
    if (size === 0) return { body: Buffer.concat(parts), end };
    parts.push(bytes.subarray(lineEnd + 2, lineEnd + 2 + size));
    at = end;
  }
}
