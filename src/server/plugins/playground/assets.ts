import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { promisify } from 'node:util';
import { brotliCompress, brotliDecompress, constants, gzip } from 'node:zlib';
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

/** The files of GraphiQL by the names that the page asks for; `boot.js` is our own. */
export const assetFiles = {
  'graphiql.js': 'js',
  'graphiql.css': 'css',
  'editorWorkerService.js': 'editorWorkerService',
  'graphql.js': 'graphqlWorker',
  'json.js': 'jsonWorker',
} as const;

/** Not a literal, so that bundlers leave it alone: the package is one module of 9 MB, there in development only. */
const packageName: string = '@graphql-yoga/render-graphiql/graphiql';

type Graphiql = Record<(typeof assetFiles)[keyof typeof assetFiles], string>;

/** From the package in development; the build puts the files beside this one, compressed (`scripts/playground-assets.ts`). */
export async function loadAssets(): Promise<Assets> {
  const folder = new URL('assets/', import.meta.url);
  const graphiql = existsSync(folder) ? null : ((await import(packageName)) as Graphiql);
  const files = new Map<string, Asset>([['boot.js', toAsset(javascript, `(${boot.toString()})();`)]]);
  const hash = createHash('sha256').update(boot.toString());
  for (const [name, exported] of Object.entries(assetFiles)) {
    const type = name.endsWith('.css') ? css : javascript;
    const bytes =
      graphiql === null ? await readFile(new URL(`${name}.br`, folder)) : Buffer.from(graphiql[exported]);
    files.set(name, graphiql === null ? toBuiltAsset(type, bytes) : toAsset(type, bytes));
    hash.update(bytes);
  }
  return { version: hash.digest('base64url').slice(0, 16), get: (name) => files.get(name) };
}

const javascript = 'text/javascript; charset=utf-8';
const css = 'text/css; charset=utf-8';

const encoders = {
  // All files at quality 5: 0.3 s and 2.1 MB. At the default of 11: 13 s and 1.9 MB.
  br: (source: Buffer<ArrayBuffer>) =>
    promisify(brotliCompress)(source, { params: { [constants.BROTLI_PARAM_QUALITY]: 5 } }),
  gzip: (source: Buffer<ArrayBuffer>) => promisify(gzip)(source),
  identity: async (source: Buffer<ArrayBuffer>) => source,
};

/** Kept compressed: hardly anybody asks for another coding. */
function toBuiltAsset(contentType: string, compressed: Buffer<ArrayBuffer>): Asset {
  return toAssetOf(contentType, async (coding) =>
    coding === 'br' ? compressed : encoders[coding](await promisify(brotliDecompress)(compressed)),
  );
}

function toAsset(contentType: string, source: string | Buffer<ArrayBuffer>): Asset {
  const bytes = Buffer.from(source);
  return toAssetOf(contentType, (coding) => encoders[coding](bytes));
}

type Bytes = Uint8Array<ArrayBuffer>;

function toAssetOf(contentType: string, encode: (coding: ContentCoding) => Promise<Bytes>): Asset {
  const encoded = new Map<ContentCoding, Promise<Bytes>>();
  return {
    contentType,
    encode(coding) {
      const known = encoded.get(coding);
      if (known) return known;
      const fresh = encode(coding);
      encoded.set(coding, fresh);
      return fresh;
    },
  };
}
