/** Told that Novu sent a value that an enum of the schema has no name for. */
export type UnrecognizedListener = (enumName: string) => void;

const listeners = new Set<UnrecognizedListener>();

/** The name of a value of Novu's that this gateway does not know. Whoever listens is told which enum lacks it. */
export function unrecognized(enumName: string): 'UNRECOGNIZED' {
  for (const listener of listeners) listener(enumName);
  return 'UNRECOGNIZED';
}

/** Listens until the function that it returns is called. The schema is one for all gateways of a process. */
export function onUnrecognized(listener: UnrecognizedListener): () => void {
  listeners.add(listener);
  return () => void listeners.delete(listener);
}
