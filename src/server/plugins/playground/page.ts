import type { BootOptions } from './boot.ts';

/** Monaco writes style elements and style attributes of its own and takes no nonce; fonts and images are inlined in the CSS. */
const contentSecurityPolicy = [
  "default-src 'none'",
  "script-src 'self'",
  "worker-src 'self'",
  "connect-src 'self'",
  "style-src 'self' 'unsafe-inline'",
  "img-src 'self' data:",
  'font-src data:',
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ');

export const pageHeaders = {
  'content-type': 'text/html; charset=utf-8',
  'content-security-policy': contentSecurityPolicy,
  'cross-origin-opener-policy': 'same-origin',
  'referrer-policy': 'no-referrer',
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
  'cache-control': 'no-store',
};

/**
 * GraphiQL's animation of several tabs ends with an offset of hundreds of pixels that shows as soon as one is pressed:
 * the tab is gone from under the pointer before the click, which is lost.
 */
const styles =
  '.graphiql-tab { transform: none !important; } .graphiql-logo, .graphiql-session-header-right { white-space: nowrap; }';

/** `assets` is relative to the page, so that a proxy may serve both under a prefix. */
export function renderPage(assets: string, { title, tabs }: BootOptions): string {
  // GraphiQL sets the title as HTML.
  const options = JSON.stringify({ title: escapeHtml(title), tabs }).replaceAll('<', '\\u003c');
  return `<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8">
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <title>${escapeHtml(title)}</title>
    <link rel="icon" href="data:,">
    <link rel="stylesheet" href="${assets}/graphiql.css">
    <style>${styles}</style>
    <script type="application/json" id="options">${options}</script>
    <script defer src="${assets}/graphiql.js"></script>
    <script defer src="${assets}/boot.js"></script>
  </head>
  <body class="no-focus-outline">
    <noscript>This page needs JavaScript.</noscript>
    <div id="root"></div>
  </body>
</html>
`;
}

function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}
