/** Requests that are made to be expensive in what stands beside the document: variables, keys, headers, Novu's own answers. */
import { worstDocuments } from '../../test/security/worst-documents.ts';
import type { Exchange } from './exchange.ts';
import { input } from './novu.ts';
import { callerKey, create, entities, json, retrieve } from './operations.ts';

export type Attack = {
  name: string;
  /** The body of the request; bodies of different marks are never equal. */
  body: (mark: string) => string;
};

const numbers = (count: number) => Array.from({ length: count }, (_, index) => index);
/** The document is a new one for each mark, and so is every identifier in the variables that holds it. */
const marked = (query: string, mark: string) => `${query}#${mark}`;

function withVariables(name: string, query: string, variables: (mark: string) => unknown): Attack {
  return {
    name,
    body: (mark) => JSON.stringify({ query: marked(query, mark), variables: variables(mark) }),
  };
}

const createWebhook = `mutation ($input: CreateChannelEndpointInput!) {
  createChannelEndpoint(input: $input) { channelEndpoint { identifier } userErrors { code } }
}`;

const inVariables: Attack[] = [
  withVariables('101 KB of unknown keys in one input', create.text, () => ({
    input: {
      ...input,
      ...Object.fromEntries(numbers(9_000).map((index) => [`x${index}`, 1])),
    },
  })),
  withVariables('1,000 unknown keys in one input', create.text, () => ({
    input: { ...input, ...Object.fromEntries(numbers(990).map((index) => [`unknown-key-${index}`, 1])) },
  })),
  withVariables('an identifier of 78 KB of percent signs, which Novu repeats', retrieve.text, (mark) => ({
    identifier: '%'.repeat(78_000) + mark,
  })),
  withVariables('an identifier of 2 KB of percent signs, which Novu repeats', retrieve.text, (mark) => ({
    identifier: '%'.repeat(2_000) + mark,
  })),
  withVariables('`_entities` of 1,000 that need no call', entities.text, () => ({
    representations: numbers(1_000).map((index) => ({
      __typename: 'Subscriber',
      subscriberId: `s-${index}`,
    })),
  })),
  withVariables('`_entities` of 1,000 that need a call each', entities.text, (mark) => ({
    representations: numbers(1_000).map((index) => ({
      __typename: 'ChannelConnection',
      identifier: `bench-${mark}-${index}`,
    })),
  })),
  withVariables('1,000 headers of a webhook', createWebhook, () => ({
    input: {
      subscriberId: 'subscriber-123',
      integrationIdentifier: 'webhook',
      address: {
        toolWebhook: {
          url: 'https://example.com/hook',
          headers: numbers(1_000).map((index) => ({ name: `x-header-${index}`, value: `value-${index}` })),
        },
      },
    },
  })),
  withVariables('1,000 contexts', create.text, () => ({
    input: { ...input, context: numbers(1_000).map((index) => ({ type: `type-${index}`, id: 'a' })) },
  })),
  withVariables('1,001 contexts', create.text, () => ({
    input: { ...input, context: numbers(1_001).map((index) => ({ type: `type-${index}`, id: 'a' })) },
  })),
  {
    name: 'lists in each other, 60,000 levels of JSON',
    body: (mark) =>
      `{"query":${JSON.stringify(marked(retrieve.text, mark))},"variables":{"identifier":${'['.repeat(60_000)}${']'.repeat(60_000)}}}`,
  },
  {
    name: 'a batch of 1,000',
    body: (mark) =>
      JSON.stringify(numbers(1_000).map((index) => ({ query: `{ __typename }#${mark}-${index}` }))),
  },
  {
    name: 'a body over the limit on bytes',
    body: (mark) =>
      JSON.stringify({ query: marked('{ __typename }', mark), variables: { a: 'a'.repeat(200_000) } }),
  },
  withVariables('an idempotency key of 100 KB', create.text, (mark) => ({
    idempotencyKey: 'k'.repeat(100_000) + mark,
    input,
  })),
];

/** Everything that is known to be expensive. */
export const attacks: Attack[] = [
  ...worstDocuments.map(([name, query]) => ({
    name,
    body: (mark: string) => JSON.stringify({ query: marked(query, mark) }),
  })),
  ...inVariables,
];

/** The request of an attack; ASCII, as the driver needs it. */
export const toExchange = ({ body }: Attack): Exchange => ({
  method: 'POST',
  headers: { ...json, 'x-api-key': callerKey },
  path: () => '/graphql',
  body: (mark) => body(mark).replaceAll(/[^\0-\x7f]/g, escaped),
  answer: () => undefined,
});

const escaped = (sign: string) => `\\u${sign.charCodeAt(0).toString(16).padStart(4, '0')}`;
