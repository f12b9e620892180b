import { getIntrospectionQuery } from 'graphql';

const repeat = (text: string, times: number, between = ' ') =>
  Array.from({ length: times }, () => text).join(between);
const count = (times: number, make: (index: number) => string, between = ' ') =>
  Array.from({ length: times }, (_, index) => make(index)).join(between);
/** As many times as the default limit on tokens lets it, and again far beyond it. */
const upTo = (name: string, tokensEach: number, make: (times: number) => string): [string, string][] => [
  [name, make(Math.floor(940 / tokensEach))],
  [`${name}, 20 times as many`, make(Math.floor(18_800 / tokensEach))],
];
/** Each of the fields so many times next to itself, every one with the next below it. */
const nest = (names: readonly string[], times: number, leaf: string): string =>
  names.toReversed().reduce((below, name) => repeat(`${name} { ${below} }`, times), leaf);
const page = 'channelConnections(first: 1) { nodes { identifier } }';

/**
 * Documents made to be dear to read, to check or to run, by name: those of graphql-cop, CrackQL, graphql-armor's and
 * graphql-js's issues, and variations that aim at this gateway's own limits.
 */
export const worstDocuments: readonly (readonly [name: string, document: string])[] = [
  ...upTo('one field again and again', 1, (n) => `{ ${repeat('__typename', n)} }`),
  ...upTo('fields that are unknown', 1, (n) => `{ ${count(n, (i) => `x${i}`)} }`),
  ...upTo('aliases of a leaf', 3, (n) => `{ ${count(n, (i) => `a${i}: __typename`)} }`),
  ...upTo('aliases of a list', 11, (n) => `{ ${count(n, (i) => `a${i}: ${page}`)} }`),
  ...upTo(
    'aliases with 200 letters',
    3,
    (n) => `{ ${count(n, (i) => `${'a'.repeat(200)}${i}: __typename`)} }`,
  ),
  ...upTo(
    'leaves of 30 names, 30 times each',
    1,
    (n) =>
      `{ ${repeat(
        count(30, (i) => `x${i}`),
        n / 30,
      )} }`,
  ),
  ...upTo(
    'mutations',
    9,
    (n) =>
      `mutation { ${count(n, (i) => `a${i}: deleteChannelConnection(identifier: "a") { __typename }`)} }`,
  ),
  ...upTo('directives on one field', 6, (n) => `{ __typename ${repeat('@skip(if: false)', n)} }`),
  ...upTo('directives that are unknown', 2, (n) => `{ __typename ${repeat('@aa', n)} }`),
  ...upTo('directives on the operation', 2, (n) => `query ${repeat('@aa', n)} { __typename }`),
  ...upTo('directives on variables', 2, (n) => `query ($a: Int ${repeat('@aa', n)}) { __typename }`),
  ...upTo(
    'directives on fragments',
    2,
    (n) => `{ ...A } fragment A on Query ${repeat('@aa', n)} { __typename }`,
  ),
  ...upTo('inline fragments side by side', 4, (n) => `{ ${repeat('... { __typename }', n)} }`),
  ...upTo(
    'inline fragments in each other',
    3,
    (n) => `{ ${'... { '.repeat(n)} __typename ${'} '.repeat(n)} }`,
  ),
  ...upTo(
    'inline fragments with lists',
    10,
    (n) => `{ ${repeat(`... { channelConnections { nodes { id } } }`, n)} }`,
  ),
  ...upTo(
    'a level below a level',
    9,
    (n) =>
      `{ ${'channelConnection(identifier: "a") { subscriber { '.repeat(n)} __typename ${'} } '.repeat(n)} }`,
  ),
  ...upTo('unknown levels', 3, (n) => `{ ${'a { '.repeat(n)} a ${'} '.repeat(n)} }`),
  ...upTo(
    'a chain of fragments, doubling',
    12,
    (n) =>
      `{ ...A0 } ${count(n, (i) => `fragment A${i} on Query { ...A${i + 1} ...A${i + 1} __typename }`)} fragment A${n} on Query { __typename }`,
  ),
  ...upTo(
    'a chain of fragments, doubling through fields',
    20,
    (n) =>
      `{ channelConnection(identifier: "a") { ...A0 } } ${count(n, (i) => `fragment A${i} on ChannelConnection { subscriber { channelConnections { nodes { ...A${i + 1} ...A${i + 1} } } } }`)} fragment A${n} on ChannelConnection { id }`,
  ),
  ...upTo(
    'fragments in a circle',
    8,
    (n) => `{ ...A0 } ${count(n, (i) => `fragment A${i} on Query { ...A${(i + 1) % n} }`)}`,
  ),
  ...upTo('fragments that all spread each other', 3, (n) => {
    const size = Math.floor(Math.sqrt(n));
    return `{ ...A0 } ${count(size, (i) => `fragment A${i} on Query { ${count(size, (j) => (j > i ? `...A${j}` : '__typename'))} }`)}`;
  }),
  ...upTo(
    'fragments that nobody uses',
    7,
    (n) => `{ __typename } ${count(n, (i) => `fragment A${i} on Query { __typename }`)}`,
  ),
  ...upTo(
    'one fragment spread often',
    2,
    (n) => `{ ${repeat('...A', n)} } fragment A on Query { __typename ${page} }`,
  ),
  ...upTo('fragments that are unknown', 2, (n) => `{ ${count(n, (i) => `...A${i}`)} }`),
  ...upTo(
    'fragments of one field with other arguments',
    17,
    (n) =>
      `{ ${count(n, (i) => `...A${i}`)} } ${count(n, (i) => `fragment A${i} on Query { channelConnections(first: ${i}) { nodes { id } } }`)}`,
  ),
  ...upTo('operations', 5, (n) => count(n, (i) => `query Q${i} { __typename }`)),
  ...upTo('operations of one name', 5, (n) => repeat('query Q { __typename }', n)),
  ...upTo('variables that nobody uses', 4, (n) => `query (${count(n, (i) => `$v${i}: Int`)}) { __typename }`),
  ...upTo(
    'variables used everywhere',
    12,
    (n) =>
      `query (${count(n, (i) => `$v${i}: Int`)}) { ${count(n, (i) => `a${i}: channelConnections(first: $v${i}) { totalCount }`)} }`,
  ),
  ...upTo(
    'fields of one name and other arguments',
    11,
    (n) => `{ ${count(n, (i) => `channelConnections(first: ${i}) { nodes { id } }`)} }`,
  ),
  ...upTo(
    'fields of one name, deep',
    16,
    (n) =>
      `{ ${repeat('channelConnections { nodes { subscriber { channelConnections { nodes { subscriber { subscriberId } } } } } }', n)} }`,
  ),
  ...upTo(
    'arguments that are unknown',
    3,
    (n) => `{ channelConnection(identifier: "a" ${count(n, (i) => `x${i}: 1`)}) { id } }`,
  ),
  ...upTo(
    'an argument given often',
    3,
    (n) => `{ channelConnection(${repeat('identifier: "a"', n)}) { id } }`,
  ),
  ...upTo(
    'keys that are unknown',
    3,
    (n) => `mutation { createChannelConnection(input: { ${count(n, (i) => `x${i}: 1`)} }) { __typename } }`,
  ),
  ...upTo('lists in each other', 2, (n) => `{ a(x: ${'['.repeat(n)}${']'.repeat(n)}) }`),
  ...upTo(
    'objects in each other',
    4,
    (n) => `mutation { createChannelConnection(input: ${'{a: '.repeat(n)}1${'}'.repeat(n)}) { __typename } }`,
  ),
  ...upTo(
    'objects in a list',
    8,
    (n) =>
      `mutation { createChannelConnection(input: { context: [${repeat('{ type: "a", id: "b" }', n)}], integrationIdentifier: "a", workspace: { id: "a" }, auth: { accessToken: "x" } }) { __typename } }`,
  ),
  ...upTo(
    'representations',
    9,
    (n) =>
      `{ _entities(representations: [${repeat('{ __typename: "Subscriber", subscriberId: "a" }', n)}]) { ... on Subscriber { subscriberId } } }`,
  ),
  ...upTo(
    'types of a variable in each other',
    2,
    (n) => `query ($a: ${'['.repeat(n)}Int${']'.repeat(n)}) { __typename }`,
  ),
  ...upTo(
    'types of introspection in a circle',
    10,
    (n) => `{ __schema { types { ${'fields { type { '.repeat(n / 4)} name ${'} } '.repeat(n / 4)} } } }`,
  ),
  ...upTo(
    'possible types in a circle',
    3,
    (n) =>
      `{ __type(name: "NovuUserError") { ${'possibleTypes { interfaces { '.repeat(n / 2)} name ${'} } '.repeat(n / 2)} } }`,
  ),
  // As much as the limits let through.
  [
    'five times the same, four levels deep',
    `{ ${nest(['channelConnections', 'nodes', 'subscriber'], 5, repeat('subscriberId', 4))} }`,
  ],
  [
    'four times the same, five levels deep',
    `{ ${nest(['channelConnections', 'nodes', 'subscriber', 'channelConnections'], 4, 'totalCount')} }`,
  ],
  [
    'twice the same, eight levels deep',
    `{ ${nest(['channelConnections', 'nodes', 'subscriber', 'channelConnections', 'nodes', 'subscriber', 'channelConnections'], 2, 'totalCount')} }`,
  ],
  [
    'five times the same five times, then deep',
    `{ ${nest(['channelConnections', 'nodes'], 5, `${'subscriber { channelConnections { nodes { '.repeat(2)} id ${'} } } '.repeat(2)}`)} }`,
  ],
  [
    'twice the same four times, then many',
    `{ ${nest(['channelConnections', 'nodes', 'subscriber', 'channelConnections'], 2, `nodes { ${repeat('id identifier channel provider providerId subscriberId contextKeys', 7)} }`)} }`,
  ],
  [
    'three times the same, six levels deep',
    `{ ${nest(['channelConnections', 'nodes', 'subscriber', 'channelConnections', 'nodes'], 3, 'id')} }`,
  ],
  [
    '50 fragments of the same fields',
    `{ channelConnections { nodes { ${count(25, (i) => `...A${i}`)} } } } ${count(25, (i) => `fragment A${i} on ChannelConnection { subscriber { channelConnections { nodes { id identifier channel } } } ${i < 24 ? `...A${i + 1}` : ''} }`)}`,
  ],
  [
    '50 inline fragments of the same leaves',
    `{ channelConnections { nodes { ${repeat('... { id identifier channel provider providerId subscriberId contextKeys }', 29)} } } }`,
  ],
  ['the introspection query', getIntrospectionQuery()],
  [
    'a page of a page of a page',
    '{ channelConnections(first: 100) { nodes { subscriber { channelConnections(first: 100) { nodes { subscriber { channelConnections(first: 100) { nodes { id } } } } } } } } }',
  ],
  ['a text of 120 KB', `{ channelConnection(identifier: "${'a'.repeat(120_000)}") { id } }`],
  ['escapes of 120 KB', `{ channelConnection(identifier: "${'\\u0061'.repeat(20_000)}") { id } }`],
  ['a block text of 60,000 lines', `{ channelConnection(identifier: """${'\n '.repeat(60_000)}""") { id } }`],
  [
    'a block text of indented lines',
    `{ channelConnection(identifier: """${`\n${' '.repeat(300)}a`.repeat(400)}""") { id } }`,
  ],
  ['a number of 120,000 digits', `{ channelConnections(first: ${'1'.repeat(120_000)}) { totalCount } }`],
  ['a name of 120,000 letters', `{ ${'a'.repeat(120_000)} }`],
  ['an operation name of 120,000 letters', `query ${'a'.repeat(120_000)} { __typename }`],
  ['a comment of 120 KB', `# ${'a'.repeat(120_000)}\n{ __typename }`],
  ['60,000 comments', `${'#\n'.repeat(60_000)}{ __typename }`],
  ['120,000 commas', `${','.repeat(120_000)}{ __typename }`],
  ['120,000 blanks', `{ __typename ${' '.repeat(120_000)} }`],
  ['120,000 line ends before an error', `${'\n'.repeat(120_000)}{ a(b: %) }`],
  ['40,000 line ends before six errors', `${'\r\n'.repeat(40_000)}{ ${count(6, (i) => `x${i}`)} }`],
  ['120,000 marks of byte order', `${'\u{FEFF}'.repeat(40_000)}{ __typename }`],
];
