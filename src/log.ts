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
  // The first line of a stack is the message; a message of several lines reaches further.
  const at = error.stack
    ?.split('\n')
    .filter((line) => /^ {4}at [\w$.<># [\]]* ?\(?(?:file:|node:|\/)[^()]*\)?$/.test(line))
    .map((line) => line.trim());
  return { error: error.name, ...(at !== undefined && at.length > 0 && { at }) };
}
