/** A value that is looked for in whatever leaves the process. */
export type Canary = {
  /** Letters and digits, which no encoding but base64 changes unless it wants to. */
  text: string;
  /** Where a number is sent instead. */
  number: number;
  /** The text among signs that JSON, URLs and headers have to escape. */
  nasty: string;
};

export function createCanary(text: string, number: number): Canary {
  return { text, number, nasty: `"\\${text}\r\n\u0000é/+%3D<'\u{1F600}` };
}

/** The form in which the text holds the canary: plain, escaped for JSON or a URL (twice, too), hexadecimal or base64 at any offset; null when it doesn't. */
export function findLeak({ text, number }: Pick<Canary, 'text' | 'number'>, output: string): string | null {
  const views = new Set([output]);
  for (let round = 0; round < 2; round += 1)
    for (const view of Array.from(views)) {
      views.add(view.replaceAll(/\\u([0-9a-f]{4})/gi, (_all, code: string) => fromCode(code)));
      views.add(view.replaceAll(/%([0-9a-f]{2})/gi, (_all, code: string) => fromCode(code)));
    }
  const needles: [string, string][] = [
    ['plain', text.toLowerCase()],
    ['a number', String(number)],
    ['hexadecimal', Buffer.from(text).toString('hex')],
  ];
  for (const view of views) {
    const lower = view.toLowerCase();
    for (const [form, needle] of needles) if (lower.includes(needle)) return form;
    for (const encoded of base64Of(text)) if (view.includes(encoded)) return 'base64';
  }
  return null;
}

const fromCode = (code: string) => String.fromCharCode(Number.parseInt(code, 16));

/** What base64 makes of the text wherever it stands in something longer, without the ends that depend on its neighbours. */
function base64Of(text: string): string[] {
  return [0, 1, 2].map((offset) => {
    const encoded = Buffer.from(`${'\0'.repeat(offset)}${text}`).toString('base64');
    return encoded.slice(offset === 0 ? 0 : offset + 1, Math.floor(((offset + text.length) * 4) / 3) - 1);
  });
}
