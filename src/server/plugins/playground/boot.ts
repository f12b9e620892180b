/** What the page tells its script, in a JSON data block that a Content-Security-Policy does not count as a script. */
export interface BootOptions {
  readonly title: string;
  readonly tabs: readonly [BootTab, ...BootTab[]];
}

/** The three editors of one tab, as text. */
export interface BootTab {
  readonly query: string;
  readonly variables: string;
  readonly headers: string;
}

declare const YogaGraphiQL: {
  renderYogaGraphiQL(root: Element, options: Record<string, unknown>): void;
};

/**
 * Runs in the browser: it is served as its own source text, so it must refer to nothing outside itself.
 */
export function boot(): void {
  const assets = (document.currentScript as HTMLScriptElement).src;
  const root = document.querySelector('#root');
  const options = document.querySelector('#options');
  if (!root || !options) throw new Error('The page has no #root or no #options.');
  const { title, tabs } = JSON.parse(options.textContent) as BootOptions;
  const [first] = tabs;

  Object.assign(globalThis, {
    MonacoEnvironment: { getWorkerUrl: (_: string, label: string) => new URL(`${label}.js`, assets).href },
  });

  YogaGraphiQL.renderYogaGraphiQL(root, {
    title,
    logo: '',
    defaultTabs: tabs,
    // GraphiQL fills only the query editor from the first tab.
    initialQuery: first.query,
    initialVariables: first.variables,
    initialHeaders: first.headers,
    isHeadersEditorEnabled: true,
    // A mutation may hold a secret: no history and nothing in localStorage (storage: null), and nothing in
    // the address bar, where the wrapper's own onEditQuery would put the query.
    shouldPersistHeaders: false,
    showPersistHeadersSettings: false,
    storage: null,
    onEditQuery: () => undefined,
    // The wrapper's own fetcher prints the query anew, drops the locations of errors and shows the request's body
    // when no GraphQL comes back.
    fetcher: async (
      params: Record<string, unknown>,
      { headers }: { headers?: Record<string, string> } = {},
    ) => {
      const { operationName, ...others } = params;
      // Right after a change of tab GraphiQL still names the operation of the one before.
      const isThere = new RegExp(`\\b${String(operationName)}\\b`).test(String(params['query']));
      const response = await fetch(location.pathname, {
        method: 'POST',
        headers: {
          'content-type': 'application/json',
          accept: 'application/graphql-response+json, application/json',
          ...headers,
        },
        body: JSON.stringify(isThere ? params : others),
      });
      const text = await response.text();
      if (response.headers.get('content-type')?.includes('json')) return JSON.parse(text);
      return { errors: [{ message: `HTTP ${response.status}: ${text}` }] };
    },
  });
}
