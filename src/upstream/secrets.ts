import type { HidesValue } from './facts.ts';

/** Shorter values would hide half of all text and protect nothing. */
const minLength = 3;

/**
 * Says whether a text repeats one of the secrets: plain, JSON-escaped, percent-encoded, in base64 or base64url at
 * any offset. The forms are made at the first text that is asked about, since most calls end well.
 */
export function createSecretGuard(secrets: readonly string[]): HidesValue {
  const hidden = secrets.filter((secret) => secret.length >= minLength);
  let forms: string[] | undefined;
  let lowered: string[] | undefined;
  return (text) => {
    forms ??= hidden.flatMap(formsOf);
    lowered ??= hidden.map((secret) => secret.toLowerCase());
    for (const view of viewsOf(text)) {
      for (const form of forms) if (view.includes(form)) return true;
      // Names of headers come in small letters.
      const lower = view.toLowerCase();
      for (const form of lowered) if (lower.includes(form)) return true;
    }
    return false;
  };
}

/** Encodings around each other that are undone. */
const maxLayers = 3;

/** The text as it is, and as it reads to who undoes percent-encoding or JSON's escapes: both can be written in many ways. */
function viewsOf(text: string): Set<string> {
  const views = new Set([text]);
  let outer = [text];
  for (let layer = 0; layer < maxLayers && outer.length > 0; layer += 1) {
    outer = outer.flatMap(decodings).filter((view) => !views.has(view));
    for (const view of outer) views.add(view);
  }
  return views;
}

function decodings(text: string): string[] {
  const views: string[] = [];
  if (text.includes('%')) views.push(percentDecoded(text));
  // As a form's value; a plus sign that was meant stands there as %2B.
  if (text.includes('+')) views.push(percentDecoded(text.replaceAll('+', ' ')));
  if (text.includes('\\')) {
    views.push(
      text.replaceAll(
        /\\(?:u([0-9A-Fa-f]{4})|(.))/g,
        (_all, code: string | undefined, sign: string | undefined) =>
          code !== undefined
            ? String.fromCharCode(Number.parseInt(code, 16))
            : (escapes[sign ?? ''] ?? sign ?? ''),
      ),
    );
  }
  return views;
}

/** Unlike decodeURIComponent it takes anything, and capitals or not. */
function percentDecoded(text: string): string {
  return text.replaceAll(/(?:%[0-9A-Fa-f]{2})+/g, (run) =>
    Buffer.from(run.replaceAll('%', ''), 'hex').toString(),
  );
}

const escapes: Record<string, string> = { b: '\b', f: '\f', n: '\n', r: '\r', t: '\t' };

function formsOf(secret: string): string[] {
  const plain = secret.toWellFormed();
  const forms = new Set([secret, plain]);
  const bytes = Buffer.from(plain);
  for (let offset = 0; offset < 3; offset += 1) {
    // The first and last characters depend on the neighbours: only what is the secret's own is looked for.
    const encoded = Buffer.concat([Buffer.alloc(offset), bytes]).toString('base64');
    const own = encoded.slice(Math.ceil((offset * 8) / 6), Math.floor(((offset + bytes.length) * 8) / 6));
    forms.add(own);
    forms.add(own.replaceAll('+', '-').replaceAll('/', '_'));
  }
  return [...forms];
}
