/** What the gateway needs of a logger; pino's fits. */
export type Log = {
  info(fields: object, message: string): void;
  warn(fields: object, message: string): void;
  error(fields: object, message: string): void;
  debug(fields: object, message: string): void;
  isLevelEnabled(level: string): boolean;
};

const nothing = () => undefined;
export const silentLog: Log = {
  info: nothing,
  warn: nothing,
  error: nothing,
  debug: nothing,
  isLevelEnabled: () => false,
};

/** Name and place of something unforeseen. Its message may hold anything, so it is left out. */
export function describeError(error: unknown): { error: string; at?: string[] } {
  if (!(error instanceof Error)) return { error: typeof error };
  const at = framesOf(error);
  return { error: error.name, ...(at.length > 0 && { at }) };
}

/** A stack begins with the message that the error was made with, whose lines may look like places: what follows it is left. */
function framesOf({ message, stack }: Error): string[] {
  const start = typeof stack === 'string' && typeof message === 'string' ? stack.indexOf(message) : -1;
  if (stack === undefined || start < 0) return [];
  return stack
    .slice(start + message.length)
    .split('\n')
    .filter((line) => /^ {4}at [\w$.<># [\]]* ?\(?(?:file:|node:|\/)[^()]*\)?$/.test(line))
    .map((line) => line.trim());
}
