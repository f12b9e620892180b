import {
  type GraphQLField,
  type GraphQLInputType,
  type GraphQLNamedType,
  type GraphQLObjectType,
  type GraphQLUnionType,
  getNamedType,
  isCompositeType,
  isEnumType,
  isInputObjectType,
  isInterfaceType,
  isListType,
  isNonNullType,
  isObjectType,
  isUnionType,
  parse,
  TypeInfo,
  visit,
  visitWithTypeInfo,
} from 'graphql';
import { userScopes } from '../../src/callers/caller.ts';
import type { Context } from '../../src/graphql/context.ts';
import { fieldPolicy } from '../../src/graphql/policy.ts';
import { schema } from '../../src/schema/schema.ts';

type Field = GraphQLField<unknown, Context>;

/**
 * What a text in an argument or input names. `free` names nothing that anybody owns; `new` ones are names to be
 * given, which may be taken.
 */
export type Kind =
  | 'connection'
  | 'newConnection'
  | 'endpoint'
  | 'newEndpoint'
  | 'subscriber'
  | 'context'
  | 'contextId'
  | 'cursor'
  | 'key'
  | 'free';

/** Every place that takes a text or an id, by its coordinate; `*.x` holds for all arguments of that name. */
export const kinds: Readonly<Record<string, Kind>> = {
  '*.after': 'cursor',
  '*.before': 'cursor',
  '*.idempotencyKey': 'key',
  'Query.channelConnection.identifier': 'connection',
  'Query.channelEndpoint.identifier': 'endpoint',
  'Query.subscriber.subscriberId': 'subscriber',
  'Query.context.type': 'free',
  'Query.context.id': 'contextId',
  'Mutation.updateSubscriber.subscriberId': 'subscriber',
  'Mutation.deleteSubscriber.subscriberId': 'subscriber',
  'SubscriberFilter.subscriberId': 'subscriber',
  'SubscriberFilter.email': 'free',
  'SubscriberFilter.phone': 'free',
  'SubscriberFilter.name': 'free',
  'UpsertSubscriberInput.subscriberId': 'subscriber',
  '*.firstName': 'free',
  '*.lastName': 'free',
  '*.email': 'free',
  '*.phone': 'free',
  '*.avatar': 'free',
  '*.locale': 'free',
  '*.timezone': 'free',
  'ContextFilter.type': 'free',
  'ContextFilter.id': 'contextId',
  'ContextFilter.search': 'free',
  // Of mutations that are for services alone.
  'Mutation.updateContext.type': 'free',
  'Mutation.updateContext.id': 'free',
  'Mutation.deleteContext.type': 'free',
  'Mutation.deleteContext.id': 'free',
  'CreateContextInput.type': 'free',
  'CreateContextInput.id': 'free',
  'Mutation.updateChannelConnection.identifier': 'connection',
  'Mutation.deleteChannelConnection.identifier': 'connection',
  'Mutation.verifyChannelConnection.identifier': 'connection',
  'Mutation.updateChannelEndpoint.identifier': 'endpoint',
  'Mutation.deleteChannelEndpoint.identifier': 'endpoint',
  'ChannelConnectionFilter.subscriberId': 'subscriber',
  'ChannelConnectionFilter.contextKeys': 'context',
  'ChannelConnectionFilter.providerId': 'free',
  'ChannelConnectionFilter.integrationIdentifier': 'free',
  'ChannelEndpointFilter.subscriberId': 'subscriber',
  'ChannelEndpointFilter.connectionIdentifier': 'connection',
  'ChannelEndpointFilter.contextKeys': 'context',
  'ChannelEndpointFilter.providerId': 'free',
  'ChannelEndpointFilter.integrationIdentifier': 'free',
  'CreateChannelConnectionInput.identifier': 'newConnection',
  'CreateChannelConnectionInput.subscriberId': 'subscriber',
  'CreateChannelConnectionInput.context': 'context',
  'CreateChannelConnectionInput.integrationIdentifier': 'free',
  'ChannelWorkspaceInput.id': 'free',
  'ChannelWorkspaceInput.name': 'free',
  'ChannelWorkspaceInput.botUserId': 'free',
  'CreateChannelEndpointInput.identifier': 'newEndpoint',
  'CreateChannelEndpointInput.subscriberId': 'subscriber',
  'CreateChannelEndpointInput.context': 'context',
  'CreateChannelEndpointInput.integrationIdentifier': 'free',
  'CreateChannelEndpointInput.connectionIdentifier': 'connection',
  'GenerateConnectOAuthUrlInput.subscriberId': 'subscriber',
  'GenerateConnectOAuthUrlInput.context': 'context',
  'GenerateConnectOAuthUrlInput.connectionIdentifier': 'connection',
  'GenerateConnectOAuthUrlInput.integrationIdentifier': 'free',
  'GenerateConnectOAuthUrlInput.scope': 'free',
  'GenerateLinkUserOAuthUrlInput.subscriberId': 'subscriber',
  'GenerateLinkUserOAuthUrlInput.context': 'context',
  'GenerateLinkUserOAuthUrlInput.connectionIdentifier': 'connection',
  'GenerateLinkUserOAuthUrlInput.integrationIdentifier': 'free',
  'GenerateLinkUserOAuthUrlInput.userScope': 'free',
  'LinkChannelEndpointInput.subscriberId': 'subscriber',
  'LinkChannelEndpointInput.context': 'context',
  'LinkChannelEndpointInput.integrationIdentifier': 'free',
  // Where the provider reaches somebody: its own names, which Novu doesn't check.
  'SlackChannelEndpointAddressInput.channelId': 'free',
  'SlackUserEndpointAddressInput.userId': 'free',
  'WebhookEndpointAddressInput.channel': 'free',
  'PhoneEndpointAddressInput.phoneNumber': 'free',
  'MsTeamsChannelEndpointAddressInput.teamId': 'free',
  'MsTeamsChannelEndpointAddressInput.channelId': 'free',
  'MsTeamsUserEndpointAddressInput.userId': 'free',
  'TelegramChatEndpointAddressInput.chatId': 'free',
  'WebexRoomEndpointAddressInput.roomId': 'free',
  'WebexRoomEndpointAddressInput.parentId': 'free',
  'WebexPersonEndpointAddressInput.personId': 'free',
  'WebexPersonEndpointAddressInput.personEmail': 'free',
  'LineUserEndpointAddressInput.userId': 'free',
  'ChannelWebhookHeaderInput.name': 'free',
};

/** Scalars whose values name nothing. */
const values: ReadonlySet<string> = new Set([
  'Int',
  'Float',
  'Boolean',
  'DateTime',
  'JSONObject',
  'NovuSecret',
]);

export type Position = {
  coordinate: string;
  path: readonly string[];
  kind: Kind | undefined;
  isList: boolean;
};

/** Every place in a field's arguments that takes a name, with its path in the variables. */
export function positionsOf(owner: string, field: Field): Position[] {
  return field.args.flatMap(({ name, type }) =>
    inputPositions(`${owner}.${field.name}.${name}`, [name], type, []),
  );
}

function inputPositions(
  coordinate: string,
  path: readonly string[],
  type: GraphQLInputType,
  within: readonly string[],
): Position[] {
  const named = getNamedType(type);
  const isContext = named.name === 'NovuContextInput';
  if (isInputObjectType(named) && !isContext) {
    if (within.includes(named.name)) return [];
    return Object.values(named.getFields()).flatMap((field) =>
      inputPositions(`${named.name}.${field.name}`, [...path, field.name], field.type, [
        ...within,
        named.name,
      ]),
    );
  }
  if (isEnumType(named) || values.has(named.name)) return [];
  const kind = kinds[coordinate] ?? kinds[`*.${coordinate.split('.').at(-1)}`];
  const inner = isNonNullType(type) ? type.ofType : type;
  return [{ coordinate, path, kind, isList: isListType(inner) }];
}

/** The variables with the value at the path, all else as it was. */
export function withValue(
  variables: Readonly<Record<string, unknown>>,
  [name, ...rest]: readonly string[],
  value: unknown,
): Record<string, unknown> {
  if (name === undefined) return { ...variables };
  const inner = variables[name] as Record<string, unknown> | undefined;
  return { ...variables, [name]: rest.length === 0 ? value : withValue(inner ?? {}, rest, value) };
}

export const isOurs = ({ name }: { name: string }) => !name.startsWith('_');
export const fieldsOf = (type: GraphQLObjectType | null | undefined) =>
  Object.values(type?.getFields() ?? {}).filter(isOurs);
export const queries = fieldsOf(schema.getQueryType());
export const mutations = fieldsOf(schema.getMutationType());
/** Mutations that no token of an end user opens. */
export const isForServices = (field: Field): boolean =>
  !userScopes.some((scope) => scope === fieldPolicy(field)?.scope);
export const entityTypes = schema.getPossibleTypes(schema.getType('_Entity') as GraphQLUnionType);

const concreteTypes = (type: GraphQLNamedType): readonly GraphQLObjectType[] =>
  isObjectType(type)
    ? [type]
    : isInterfaceType(type) || isUnionType(type)
      ? schema.getPossibleTypes(type)
      : [];
const isLeaf = ({ type }: Field) => !isCompositeType(getNamedType(type));

/** `Type.field` for every field that an answer can hold. */
export function everyCoordinate(): string[] {
  const seen = new Set<string>();
  const visitType = (type: GraphQLNamedType) => {
    for (const object of concreteTypes(type)) {
      for (const field of fieldsOf(object)) {
        const coordinate = `${object.name}.${field.name}`;
        if (seen.has(coordinate)) continue;
        seen.add(coordinate);
        visitType(getNamedType(field.type));
      }
    }
  };
  for (const root of [schema.getQueryType(), schema.getMutationType(), ...entityTypes])
    if (root) visitType(root);
  return [...seen];
}

/** The coordinates that a document asks for. */
export function coordinatesIn(query: string): Set<string> {
  const found = new Set<string>();
  const info = new TypeInfo(schema);
  visit(
    parse(query),
    visitWithTypeInfo(info, {
      Field() {
        const parent = info.getParentType();
        const field = info.getFieldDef();
        if (parent && field && isOurs(field))
          for (const type of concreteTypes(parent)) found.add(`${type.name}.${field.name}`);
      },
    }),
  );
  return found;
}

type Step = { owner: GraphQLObjectType; field: Field };
export type Walk = readonly Step[];

/** Every way on from a type over fields that lead to further types, none of them twice; only ways that end or are `hops` long. */
export function walksFrom(type: GraphQLNamedType, hops: number, behind: Walk = []): Walk[] {
  const onward = concreteTypes(type).flatMap((owner) =>
    fieldsOf(owner)
      .filter((field) => !isLeaf(field))
      .filter((field) => !behind.some((step) => step.owner === owner && step.field === field))
      .map((field) => ({ owner, field })),
  );
  if (hops === 0 || onward.length === 0) return [behind];
  return onward.flatMap((step) => walksFrom(getNamedType(step.field.type), hops - 1, [...behind, step]));
}

/** All plain fields of a type, and on along the walk. */
export function selectAlong(type: GraphQLNamedType, [step, ...rest]: Walk, args = ''): string {
  const types = concreteTypes(type);
  const parts = types.map((object) => {
    const prefix = types.length > 1 ? `${object.name}_` : '';
    const leaves = fieldsOf(object)
      .filter(isLeaf)
      .map(({ name }) => (prefix === '' ? name : `${prefix}${name}: ${name}`));
    const next =
      step?.owner === object
        ? `${step.field.name}${rest.length === 0 && args !== '' ? args : pageArgs(step.field)} ${selectAlong(getNamedType(step.field.type), rest, args)}`
        : '';
    const inner = [...leaves, next].join(' ').trim() || '__typename';
    return types.length > 1 ? `... on ${object.name} { ${inner} }` : inner;
  });
  return `{ __typename ${parts.join(' ')} }`;
}

const pageArgs = (field: Field) => (field.args.some(({ name }) => name === 'first') ? '(first: 100)' : '');

/** Everything below a type as deep as that, no type within itself; only what `keeps` says, and what is below it. */
export function selectAll(
  type: GraphQLNamedType,
  depth: number,
  keeps: (field: Field) => boolean = () => true,
  within: readonly string[] = [],
): string {
  const types = concreteTypes(type);
  const parts = types.map((object) => {
    const alias = (name: string) => (types.length > 1 ? `${object.name}_${name}: ${name}` : name);
    const kept = fieldsOf(object).filter((field) => keeps(field));
    const inner = kept.flatMap((field) => {
      const named = getNamedType(field.type);
      if (isLeaf(field)) return [alias(field.name)];
      if (depth === 0 || within.includes(named.name)) return [];
      return [
        `${alias(field.name)}${pageArgs(field)} ${selectAll(named, depth - 1, keeps, [...within, object.name])}`,
      ];
    });
    return types.length > 1 ? `... on ${object.name} { __typename ${inner.join(' ')} }` : inner.join(' ');
  });
  return `{ __typename ${parts.join(' ')} }`;
}

/** `(input: $input …)` and the variables that it takes, for a field. */
export function argsOf(field: Field): { defined: string; passed: string } {
  if (field.args.length === 0) return { defined: '', passed: '' };
  return {
    defined: `(${field.args.map(({ name, type, defaultValue }) => `$${name}: ${String(defaultValue === undefined ? type : getNullable(type))}`).join(', ')})`,
    passed: `(${field.args
      .filter(({ defaultValue }) => defaultValue === undefined)
      .map(({ name }) => `${name}: $${name}`)
      .join(', ')})`.replace('()', ''),
  };
}
const getNullable = (type: GraphQLInputType) => (isNonNullType(type) ? type.ofType : type);

/** One root field with all its arguments as variables. */
export function rootDocument(kind: 'query' | 'mutation', field: Field, selection: string): string {
  const used = { ...field, args: field.args.filter(({ defaultValue }) => defaultValue === undefined) };
  const { defined, passed } = argsOf(used);
  return `${kind} ${defined} { ${field.name}${passed} ${selection} }`;
}

/** What a router asks of an entity. */
export const entityDocument = (type: string, selection: string, defined = '') =>
  `query ($representations: [_Any!]!${defined === '' ? '' : `, ${defined.slice(1, -1)}`}) { _entities(representations: $representations) { ... on ${type} ${selection} } }`;
