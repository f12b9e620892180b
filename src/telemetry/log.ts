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

/** Milliseconds as the log has them. */
export const round = (ms: number): number => Math.round(ms * 10) / 10;

/** Whether it has a form of Novu's error ids, a UUID or Sentry's: in any other there might be words of somebody. */
export const isErrorId = (errorId: string | null): boolean =>
  errorId !== null && /^[0-9a-f]{8}-?(?:[0-9a-f]{4}-?){3}[0-9a-f]{12}$/i.test(errorId);

/** A listener that warns of each name once. */
export function warnOnce(log: Log): (enumName: string) => void {
  const warned = new Set<string>();
  return (enumName) => {
    if (warned.has(enumName)) return;
    warned.add(enumName);
    log.warn(
      { enum: enumName },
      'Novu sent a value that this gateway does not know: it is shown as UNRECOGNIZED',
    );
  };
}

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
