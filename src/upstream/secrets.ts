/** A text that must not be shown, because it repeats a secret of this call, or is beyond what is looked at. */
export type HidesValue = (text: string) => boolean;

/** What keeps the secrets of a call out of everything that is shown of an answer. */
export type SecretGuard = {
  /** One for each answer that is looked at: it does a bounded amount of work and hides what is left after that. */
  inspector(): HidesValue;
};

/** Shorter values would hide half of all texts and protect nothing. */
const minLength = 3;
/** UTF-16 units; Novu's own texts and headers are below this unless they repeat a long input. */
const maxTextLength = 8_192;
/** Readings of one text (as it is, percent-decoded, unescaped, each in the other). Ordinary texts have one to four. */
const maxViews = 8;
/** Characters that are decoded or searched for one answer, counted once for each form that is looked for. */
const maxWork = 1_000_000;
/** What a decoder costs for each character, in the same unit. */
const decodingWork = 24;
/** Encodings around each other that are undone. */
const maxLayers = 3;

/**
 * A guard that finds a secret in a text: plain, JSON-escaped, percent-encoded, in base64 or base64url at any offset.
 * What is too long, encoded too often, or comes after too much else counts as found. The forms are made when the
 * first answer is looked at, since nobody looks at most of them. `outer` is a guard whose secrets are kept as well.
 */
export function createSecretGuard(secrets: readonly string[], outer?: SecretGuard): SecretGuard {
  return secrets.length === 0 && outer !== undefined ? outer : new Guard(secrets, outer);
}

type Forms = {
  /** Looked for as they are. */
  exact: readonly string[];
  /** Looked for in small letters, as names of headers come. */
  lower: readonly string[];
};

class Guard implements SecretGuard {
  readonly #secrets: readonly string[];
  readonly #outer: Guard | undefined;
  #forms: Forms | undefined;

  constructor(secrets: readonly string[], outer: SecretGuard | undefined) {
    this.#secrets = secrets;
    this.#outer = outer instanceof Guard ? outer : undefined;
  }

  get forms(): Forms {
    if (this.#forms !== undefined) return this.#forms;
    const secrets = this.#secrets.filter((secret) => secret.length >= minLength);
    const exact = new Set([...(this.#outer?.forms.exact ?? []), ...secrets.flatMap(formsOf)]);
    const lower = new Set([
      ...(this.#outer?.forms.lower ?? []),
      ...secrets.map((secret) => secret.toLowerCase()),
    ]);
    this.#forms = { exact: [...exact], lower: [...lower] };
    return this.#forms;
  }

  inspector(): HidesValue {
    let work = maxWork;
    return (text) => {
      const { exact, lower } = this.forms;
      const forms = exact.length + lower.length;
      if (text === '' || forms === 0) return false;
      if (text.length > maxTextLength) return true;
      const views = [text];
      let layer = 0;
      let layerEnd = 1;
      for (let index = 0; index < views.length; index += 1) {
        if (index === layerEnd) {
          layer += 1;
          layerEnd = views.length;
        }
        const view = views[index] ?? '';
        const encoded = isEncoded.test(view);
        work -= view.length * (forms + (encoded ? decodingWork : 0));
        // Nobody has looked at this one, or at what is encoded more often than anybody does.
        if (work < 0 || layer > maxLayers || views.length > maxViews) return true;
        for (const form of exact) if (view.includes(form)) return true;
        const small = view.toLowerCase();
        for (const form of lower) if (small.includes(form)) return true;
        if (encoded) for (const one of decodings(view)) if (!views.includes(one)) views.push(one);
      }
      return false;
    };
  }
}

const isEncoded = /[%+\\]/;

/** What the text reads as to those who undo percent-encoding or JSON's escapes: both can be written in many ways. */
function decodings(text: string): string[] {
  const views: string[] = [];
  if (text.includes('%')) views.push(percentDecoded(text));
  // As the value of a form; a plus sign that was meant stands there as %2B.
  if (text.includes('+')) views.push(percentDecoded(text.replaceAll('+', ' ')));
  if (text.includes('\\')) views.push(unescaped(text));
  return views;
}

/** Unlike decodeURIComponent it takes anything, in capitals or not. Linear in the text's length. */
function percentDecoded(text: string): string {
  const bytes = Buffer.from(text);
  let length = 0;
  for (let index = 0; index < bytes.length; index += 1) {
    let byte = bytes[index] ?? 0;
    if (byte === percentSign && index + 2 < bytes.length) {
      const high = hexDigit(bytes[index + 1] ?? 0);
      const low = hexDigit(bytes[index + 2] ?? 0);
      if (high >= 0 && low >= 0) {
        byte = high * 16 + low;
        index += 2;
      }
    }
    bytes[length] = byte;
    length += 1;
  }
  return bytes.toString('utf8', 0, length);
}

/** Undoes the escapes of a JSON string (RFC 8259 section 7), also where they are broken. Linear in the text's length. */
function unescaped(text: string): string {
  const units = new Uint16Array(text.length);
  let length = 0;
  for (let index = 0; index < text.length; index += 1) {
    let unit = text.charCodeAt(index);
    if (unit === backslash && index + 1 < text.length) {
      index += 1;
      unit = text.charCodeAt(index);
      if (unit === smallU && index + 4 < text.length) {
        let code = 0;
        for (let digit = 1; digit <= 4; digit += 1) {
          const value = hexDigit(text.charCodeAt(index + digit));
          code = value < 0 ? Number.NaN : code * 16 + value;
        }
        if (!Number.isNaN(code)) {
          unit = code;
          index += 4;
        }
      } else {
        unit = escapes.get(unit) ?? unit;
      }
    }
    units[length] = unit;
    length += 1;
  }
  return Buffer.from(units.buffer, 0, length * 2).toString('utf16le');
}

const percentSign = 0x25;
const backslash = 0x5c;
const smallU = 0x75;
const escapes = new Map(
  Object.entries({ b: '\b', f: '\f', n: '\n', r: '\r', t: '\t' }).map(([letter, sign]) => [
    letter.charCodeAt(0),
    sign.charCodeAt(0),
  ]),
);

/** The value of a hexadecimal digit, or -1. */
function hexDigit(unit: number): number {
  if (unit >= 0x30 && unit <= 0x39) return unit - 0x30;
  const small = unit | 0x20;
  return small >= 0x61 && small <= 0x66 ? small - 0x57 : -1;
}

function formsOf(secret: string): string[] {
  const plain = secret.toWellFormed();
  const forms = [secret, plain];
  const bytes = Buffer.from(plain);
  for (let offset = 0; offset < 3; offset += 1) {
    // The first and last characters depend on the neighbours: only what is the secret's own is looked for.
    const encoded = Buffer.concat([Buffer.alloc(offset), bytes]).toString('base64');
    const own = encoded.slice(Math.ceil((offset * 8) / 6), Math.floor(((offset + bytes.length) * 8) / 6));
    forms.push(own, own.replaceAll('+', '-').replaceAll('/', '_'));
  }
  return forms;
}
