import { posix } from 'node:path';
import type { Plugin } from 'graphql-yoga';
import { type Asset, type Assets, chooseCoding, loadAssets } from './playground/assets.ts';
import type { BootTab } from './playground/boot.ts';
import { pageHeaders, renderPage } from './playground/page.ts';

export interface PlaygroundOptions {
  /**
   * Path of the GraphQL endpoint, where browsers get the page; its files lie under `<endpoint>/assets/`.
   * @default '/graphql'
   */
  readonly endpoint?: string;
  /** Shown above the editors and as the name of the page. */
  readonly title: string;
  /**
   * Opened from left to right, the first one in front; each is named by its operation.
   * @default one empty tab
   */
  readonly tabs?: readonly PlaygroundTab[];
}

export interface PlaygroundTab {
  readonly query: string;
  readonly variables?: Readonly<Record<string, unknown>>;
  readonly headers?: Readonly<Record<string, string>>;
}

/**
 * GraphiQL for browsers that open the endpoint. Everything it needs comes from this server.
 * Belongs before any plugin that asks for credentials: the page holds nothing that is secret.
 */
export function usePlayground({ endpoint = '/graphql', title, tabs = [] }: PlaygroundOptions): Plugin {
  const [first = { query: '' }, ...others] = tabs;
  const options = { title, tabs: [toBootTab(first), ...others.map(toBootTab)] as const };
  const assetsPath = `${posix.join(endpoint, 'assets')}/`;
  let loading: Promise<Assets> | undefined;

  async function findResponse(request: Request, pathname: string, ResponseClass: typeof Response) {
    loading ??= loadAssets();
    const assets = await loading;
    if (pathname === endpoint) {
      const relative = `.${posix.join('/', posix.basename(endpoint), 'assets', assets.version)}`;
      return new ResponseClass(renderPage(relative, options), { headers: pageHeaders });
    }
    const [version, name = ''] = pathname.slice(assetsPath.length).split('/');
    const asset = version === assets.version ? assets.get(name) : undefined;
    return asset && toResponse(asset, assets.version, request, ResponseClass);
  }

  return {
    // Not async: requests that are none of its business must not wait, not even for a tick.
    onRequest(hook) {
      const { request, fetchAPI } = hook;
      if (request.method !== 'GET') return undefined;
      const { pathname } = hook.url;
      const accept = request.headers.get('accept') ?? undefined;
      if (!isPage(endpoint, pathname, accept)) return undefined;
      return findResponse(request, pathname, fetchAPI.Response).then((response) => {
        if (response) hook.endResponse(response);
      });
    },
  };
}

/** Whether the page of the playground, or one of its files, is asked for. */
export function isPlaygroundRequest({ method, target, headers: { accept } }: PageRequest): boolean {
  if (method !== 'GET') return false;
  const query = target.indexOf('?');
  const pathname = query < 0 ? target : target.slice(0, query);
  return isPage(defaultEndpoint, pathname, typeof accept === 'string' ? accept : undefined);
}

type PageRequest = {
  method: string;
  target: string;
  headers: Readonly<Record<string, string | string[] | undefined>>;
};

const defaultEndpoint = '/graphql';

function isPage(endpoint: string, pathname: string, accept: string | undefined): boolean {
  return pathname === endpoint
    ? accept?.includes('text/html') === true
    : pathname.startsWith(`${posix.join(endpoint, 'assets')}/`);
}

function toBootTab({ query, variables, headers }: PlaygroundTab): BootTab {
  const toText = (value: unknown) => (value === undefined ? '' : JSON.stringify(value, null, 2));
  return { query, variables: toText(variables), headers: toText(headers) };
}

async function toResponse(asset: Asset, version: string, request: Request, ResponseClass: typeof Response) {
  const etag = `W/"${version}"`;
  const headers = {
    etag,
    'cache-control': 'public, max-age=31536000, immutable',
    vary: 'accept-encoding',
    'content-type': asset.contentType,
    // A worker obeys the policy of its own file, not the page's.
    'content-security-policy': "default-src 'none'",
    'cross-origin-resource-policy': 'same-origin',
    'x-content-type-options': 'nosniff',
  };
  if (request.headers.get('if-none-match') === etag) return new ResponseClass(null, { status: 304, headers });
  const coding = chooseCoding(request.headers.get('accept-encoding'));
  const body = await asset.encode(coding);
  return new ResponseClass(body, {
    headers: {
      ...headers,
      'content-length': String(body.byteLength),
      ...(coding === 'identity' ? {} : { 'content-encoding': coding }),
    },
  });
}
