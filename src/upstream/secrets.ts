import type { HidesValue } from './facts.ts';

/** Shorter values would hide half of all text and protect nothing. */
const minLength = 3;

/**
 * Says whether a text repeats one of the secrets: plain, JSON-escaped, percent-encoded, in base64 or base64url at
 * any offset. The forms are made at the first text that is asked about, since most calls end well.
 */
export function createSecretGuard(secrets: readonly string[]): HidesValue {
  let forms: string[] | undefined;
  return (text) => {
    forms ??= secrets.filter((secret) => secret.length >= minLength).flatMap(formsOf);
    for (const form of forms) if (text.includes(form)) return true;
    return false;
  };
}

function formsOf(secret: string): string[] {
  const plain = secret.toWellFormed();
  const forms = new Set([secret, JSON.stringify(secret).slice(1, -1), encodeURIComponent(plain)]);
  const bytes = Buffer.from(plain);
  for (let offset = 0; offset < 3; offset += 1) {
    // The first and last characters depend on the neighbours: only what is the secret's own is looked for.
    const encoded = Buffer.concat([Buffer.alloc(offset), bytes]).toString('base64');
    const own = encoded.slice(Math.ceil((offset * 8) / 6), Math.floor(((offset + bytes.length) * 8) / 6));
    if (own.length >= 8) {
      forms.add(own);
      forms.add(own.replaceAll('+', '-').replaceAll('/', '_'));
    }
  }
  return [...forms];
}
