import type { Reply } from './http.ts';

const PATH = '/sandbox/oauth/authorize';

const HTML = { 'Content-Type': 'text/html; charset=utf-8' };

/** The sandbox's page in place of the provider's; it keeps the provider's query. */
export const consentUrl = (sandboxUrl: string, providerUrl: string): string =>
  `${sandboxUrl}${PATH}${new URL(providerUrl).search}`;

export const isConsentPath = (path: string): boolean => path === PATH;

/**
 * Plays the provider's consent: Allow and Cancel lead back to the callback that the link names, as the provider would
 * send the user there. Links to anywhere but this sandbox are refused.
 */
export function consentPage(search: string, sandboxUrl: string): Reply {
  const asked = new URLSearchParams(search);
  const redirect = URL.parse(asked.get('redirect_uri') ?? '');
  if (!redirect || redirect.origin !== sandboxUrl) {
    return { status: 400, headers: HTML, body: page('<h1>This link is not of this sandbox</h1>') };
  }
  const back = (answer: Record<string, string>): string =>
    escapeHtml(`${redirect.href}?${new URLSearchParams({ ...answer, state: asked.get('state') ?? '' })}`);
  const scopes = (asked.get('scope') ?? asked.get('user_scope') ?? '').split(/[ ,]+/).filter(Boolean);
  return {
    status: 200,
    headers: HTML,
    body: page(
      `<h1>Connect a workspace</h1>
<p>This page of the Novu sandbox stands for the provider's own.</p>
<p>It is asked for:</p>
<ul>${scopes.map((scope) => `<li>${escapeHtml(scope)}</li>`).join('')}</ul>
<p><a id="allow" href="${back({ code: scopes.includes('incoming-webhook') ? 'webhook' : 'sandbox', tenant: 'tenant-sandbox', admin_consent: 'True' })}">Allow</a>
<a id="cancel" href="${back({ error: 'access_denied' })}">Cancel</a></p>`,
    ),
  };
}

const page = (content: string): string =>
  `<!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>Novu sandbox</title><style>body{font-family:system-ui;max-width:32rem;margin:3rem auto;padding:0 1rem}a{display:inline-block;margin-right:1rem;padding:.6rem 1.2rem;border:1px solid;border-radius:.4rem;text-decoration:none}</style></head><body>${content}</body></html>`;

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

const escapeHtml = (value: string): string =>
  value.replace(/[&<>"']/g, (character) => ENTITIES[character] ?? '');
