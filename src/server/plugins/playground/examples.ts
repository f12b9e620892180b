import { readdirSync, readFileSync } from 'node:fs';

/** The example operations of schema/operations, one tab each, `createChannelConnection` in front. */
export function playgroundTabs(): { query: string }[] {
  const folder = new URL('../../../../schema/operations/', import.meta.url);
  const documents = readdirSync(folder)
    .filter((name) => name.endsWith('.graphql'))
    .sort()
    .map((name) => readFileSync(new URL(name, folder), 'utf8'));
  // Each operation starts at the beginning of a line, with the comments right above it.
  return documents
    .flatMap((text) => text.split(/(?<=^\}\n)/m))
    .map((query) => ({ query: query.trim() }))
    .filter(({ query }) => query !== '')
    .sort(
      (one, other) =>
        Number(other.query.includes('mutation CreateChannelConnection')) -
        Number(one.query.includes('mutation CreateChannelConnection')),
    );
}
