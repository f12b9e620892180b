import { describe, expect, it } from 'vitest';
import { chooseAnswerType } from '../../src/server/accept.ts';

const json = 'application/json; charset=utf-8';
const graphqlResponse = 'application/graphql-response+json; charset=utf-8';

describe('the form of an answer', () => {
  // The first time it is read, and then remembered.
  it.each<[string, string | undefined, string | null]>([
    ['a client that says nothing', undefined, json],
    ['curl', '*/*', json],
    ['a browser', 'text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,*/*;q=0.8', json],
    ['Apollo Client', 'application/graphql-response+json,application/json;q=0.9', graphqlResponse],
    ['Apollo Router', 'application/json, application/graphql-response+json', json],
    [
      'Hive Gateway',
      'application/graphql-response+json, application/json, multipart/mixed, text/event-stream',
      graphqlResponse,
    ],
    ["@apollo/gateway, of node-fetch's default", '*/*', json],
    ['one that wants another charset', 'application/json; charset=latin1', null],
    ['one that wants a picture', 'image/png', null],
  ])('for %s is the same each time', (_name, accept, chosen) => {
    expect([chooseAnswerType(accept), chooseAnswerType(accept)]).toEqual([chosen, chosen]);
  });
});
