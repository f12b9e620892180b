/* eslint-disable */
import * as types from './graphql.ts';
import type { TypedDocumentNode as DocumentNode } from '@graphql-typed-document-node/core';

/**
 * Map of all GraphQL operations in the project.
 *
 * This map has several performance disadvantages:
 * 1. It is not tree-shakeable, so it will include all operations in the project.
 * 2. It is not minifiable, so the string of a GraphQL query will be multiple times inside the bundle.
 * 3. It does not support dead code elimination, so it will add unused operations.
 *
 * Therefore it is highly recommended to use the babel or swc plugin for production.
 * Learn more about it here: https://the-guild.dev/graphql/codegen/plugins/presets/preset-client#reducing-bundle-size
 */
type Documents = {
    "mutation CreateChannelConnection {\n  createChannelConnection(\n    idempotencyKey: \"connect-acme-1\"\n    input: {identifier: \"slack-prod-user123-abc4\", subscriberId: \"subscriber-123\", integrationIdentifier: \"slack-prod\", context: [{type: \"key\", id: \"org-acme\"}], workspace: {id: \"T123456\", name: \"Acme HQ\"}, auth: {accessToken: \"xoxb-example\"}}\n  ) {\n    channelConnection {\n      identifier\n      channel\n      providerId\n      integrationIdentifier\n      subscriberId\n      contextKeys\n      workspace {\n        id\n        name\n      }\n      auth {\n        hasAccessToken\n      }\n      createdAt\n      updatedAt\n    }\n    idempotency {\n      key\n      replayed\n    }\n    rateLimit {\n      limit\n      remaining\n      resetSeconds\n    }\n    headers {\n      name\n      values\n    }\n    userErrors {\n      code\n      message\n      path\n    }\n  }\n}\n\nquery ChannelConnection {\n  channelConnection(identifier: \"slack-prod-user123-abc4\") {\n    identifier\n    channel\n    provider\n    subscriber {\n      subscriberId\n    }\n    workspace {\n      id\n      name\n    }\n    auth {\n      hasAccessToken\n      hasRefreshToken\n      expiresAt\n    }\n  }\n}": typeof types.CreateChannelConnectionDocument,
};
const documents: Documents = {
    "mutation CreateChannelConnection {\n  createChannelConnection(\n    idempotencyKey: \"connect-acme-1\"\n    input: {identifier: \"slack-prod-user123-abc4\", subscriberId: \"subscriber-123\", integrationIdentifier: \"slack-prod\", context: [{type: \"key\", id: \"org-acme\"}], workspace: {id: \"T123456\", name: \"Acme HQ\"}, auth: {accessToken: \"xoxb-example\"}}\n  ) {\n    channelConnection {\n      identifier\n      channel\n      providerId\n      integrationIdentifier\n      subscriberId\n      contextKeys\n      workspace {\n        id\n        name\n      }\n      auth {\n        hasAccessToken\n      }\n      createdAt\n      updatedAt\n    }\n    idempotency {\n      key\n      replayed\n    }\n    rateLimit {\n      limit\n      remaining\n      resetSeconds\n    }\n    headers {\n      name\n      values\n    }\n    userErrors {\n      code\n      message\n      path\n    }\n  }\n}\n\nquery ChannelConnection {\n  channelConnection(identifier: \"slack-prod-user123-abc4\") {\n    identifier\n    channel\n    provider\n    subscriber {\n      subscriberId\n    }\n    workspace {\n      id\n      name\n    }\n    auth {\n      hasAccessToken\n      hasRefreshToken\n      expiresAt\n    }\n  }\n}": types.CreateChannelConnectionDocument,
};

/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 *
 *
 * @example
 * ```ts
 * const query = graphql(`query GetUser($id: ID!) { user(id: $id) { name } }`);
 * ```
 *
 * The query argument is unknown!
 * Please regenerate the types.
 */
export function graphql(source: string): unknown;

/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "mutation CreateChannelConnection {\n  createChannelConnection(\n    idempotencyKey: \"connect-acme-1\"\n    input: {identifier: \"slack-prod-user123-abc4\", subscriberId: \"subscriber-123\", integrationIdentifier: \"slack-prod\", context: [{type: \"key\", id: \"org-acme\"}], workspace: {id: \"T123456\", name: \"Acme HQ\"}, auth: {accessToken: \"xoxb-example\"}}\n  ) {\n    channelConnection {\n      identifier\n      channel\n      providerId\n      integrationIdentifier\n      subscriberId\n      contextKeys\n      workspace {\n        id\n        name\n      }\n      auth {\n        hasAccessToken\n      }\n      createdAt\n      updatedAt\n    }\n    idempotency {\n      key\n      replayed\n    }\n    rateLimit {\n      limit\n      remaining\n      resetSeconds\n    }\n    headers {\n      name\n      values\n    }\n    userErrors {\n      code\n      message\n      path\n    }\n  }\n}\n\nquery ChannelConnection {\n  channelConnection(identifier: \"slack-prod-user123-abc4\") {\n    identifier\n    channel\n    provider\n    subscriber {\n      subscriberId\n    }\n    workspace {\n      id\n      name\n    }\n    auth {\n      hasAccessToken\n      hasRefreshToken\n      expiresAt\n    }\n  }\n}"): (typeof documents)["mutation CreateChannelConnection {\n  createChannelConnection(\n    idempotencyKey: \"connect-acme-1\"\n    input: {identifier: \"slack-prod-user123-abc4\", subscriberId: \"subscriber-123\", integrationIdentifier: \"slack-prod\", context: [{type: \"key\", id: \"org-acme\"}], workspace: {id: \"T123456\", name: \"Acme HQ\"}, auth: {accessToken: \"xoxb-example\"}}\n  ) {\n    channelConnection {\n      identifier\n      channel\n      providerId\n      integrationIdentifier\n      subscriberId\n      contextKeys\n      workspace {\n        id\n        name\n      }\n      auth {\n        hasAccessToken\n      }\n      createdAt\n      updatedAt\n    }\n    idempotency {\n      key\n      replayed\n    }\n    rateLimit {\n      limit\n      remaining\n      resetSeconds\n    }\n    headers {\n      name\n      values\n    }\n    userErrors {\n      code\n      message\n      path\n    }\n  }\n}\n\nquery ChannelConnection {\n  channelConnection(identifier: \"slack-prod-user123-abc4\") {\n    identifier\n    channel\n    provider\n    subscriber {\n      subscriberId\n    }\n    workspace {\n      id\n      name\n    }\n    auth {\n      hasAccessToken\n      hasRefreshToken\n      expiresAt\n    }\n  }\n}"];

export function graphql(source: string) {
  return (documents as any)[source] ?? {};
}

export type DocumentType<TDocumentNode extends DocumentNode<any, any>> = TDocumentNode extends DocumentNode<  infer TType,  any>  ? TType  : never;