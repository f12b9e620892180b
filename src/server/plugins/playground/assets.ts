import { createHash } from 'node:crypto';
import { promisify } from 'node:util';
import { brotliCompress, constants, gzip } from 'node:zlib';
import { boot } from './boot.ts';

export type ContentCoding = 'br' | 'gzip' | 'identity';

export interface Assets {
  /** Changes with any byte of any file; part of every asset's address, so that they can be cached for good. */
  readonly version: string;
  /** Undefined when there is no file of that name. */
  get(name: string): Asset | undefined;
}

export interface Asset {
  readonly contentType: string;
  /** Compresses on first use only. */
  encode(coding: ContentCoding): Promise<Uint8Array<ArrayBuffer>>;
}

/** The first coding of ours that an Accept-Encoding header allows (RFC 9110, section 12.5.3). */
export function chooseCoding(acceptEncoding: string | null): ContentCoding {
  const allowed = new Set(
    (acceptEncoding ?? '')
      .split(',')
      .map((entry) => entry.trim().toLowerCase())
      .filter((entry) => !/;\s*q=0(\.0*)?$/.test(entry))
      .map((entry) => entry.split(';')[0]?.trim()),
  );
  return (['br', 'gzip'] as const).find((coding) => allowed.has(coding)) ?? 'identity';
}

/** Imported only here: the package is one 9 MB module, which a process that shows no page must not hold. */
export async function loadAssets(): Promise<Assets> {
  const graphiql = await import('@graphql-yoga/render-graphiql/graphiql');
  const javascript = 'text/javascript; charset=utf-8';
  const files = new Map([
    ['graphiql.js', toAsset(javascript, graphiql.js)],
    ['graphiql.css', toAsset('text/css; charset=utf-8', graphiql.css)],
    ['boot.js', toAsset(javascript, `(${boot.toString()})();`)],
    ['editorWorkerService.js', toAsset(javascript, graphiql.editorWorkerService)],
    ['graphql.js', toAsset(javascript, graphiql.graphqlWorker)],
    ['json.js', toAsset(javascript, graphiql.jsonWorker)],
  ]);
  const hash = createHash('sha256');
  for (const asset of files.values()) hash.update(await asset.encode('identity'));
  return { version: hash.digest('base64url').slice(0, 16), get: (name) => files.get(name) };
}

const encoders = {
  // All files at quality 5: 0.3 s and 2.1 MB. At the default of 11: 13 s and 1.9 MB.
  br: (source: Buffer<ArrayBuffer>) =>
    promisify(brotliCompress)(source, { params: { [constants.BROTLI_PARAM_QUALITY]: 5 } }),
  gzip: (source: Buffer<ArrayBuffer>) => promisify(gzip)(source),
  identity: async (source: Buffer<ArrayBuffer>) => source,
};

function toAsset(contentType: string, source: string): Asset {
  const bytes = Buffer.from(source);
  const encoded = new Map<ContentCoding, Promise<Uint8Array<ArrayBuffer>>>();
  return {
    contentType,
    encode(coding) {
      const known = encoded.get(coding);
      if (known) return known;
      const fresh = encoders[coding](bytes);
      encoded.set(coding, fresh);
      return fresh;
    },
  };
}
