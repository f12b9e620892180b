import {
  type GraphQLFieldResolver,
  type GraphQLObjectType,
  type GraphQLResolveInfo,
  type GraphQLUnionType,
  getNamedType,
} from 'graphql';
import type { Context } from './context.ts';
import type { Scope } from '../callers/caller.ts';
import { gatewayError } from './errors.ts';
import { forbidden, scopeOfType } from './policy.ts';

type Representation = Readonly<Record<string, unknown>>;
type ResolveReference = (
  representation: Representation,
  context: Context,
  info: GraphQLResolveInfo,
) => unknown;

/**
 * Resolves `_entities` (Apollo Federation subgraph specification, "Resolving entity fields"): each representation by
 * itself, so that one that is wrong is null with an error at its own index and the others stand.
 */
export const resolveEntities: GraphQLFieldResolver<unknown, Context> = (_root, args, context, info) => {
  const entities = entitiesOf(getNamedType(info.returnType) as GraphQLUnionType, info);
  const { representations } = args as { representations: readonly unknown[] };
  return representations.map((one) => resolveEntity(one, entities, context, info));
};

type Entity = { key: string; scope: Scope | undefined; resolveReference: ResolveReference };

function resolveEntity(
  representation: unknown,
  entities: ReadonlyMap<string, Entity>,
  context: Context,
  info: GraphQLResolveInfo,
): unknown {
  const one: Representation =
    typeof representation === 'object' && representation !== null ? (representation as Representation) : {};
  const { __typename: name } = one;
  const entity = typeof name === 'string' ? entities.get(name) : undefined;
  const key = entity === undefined ? undefined : one[entity.key];
  if (entity === undefined || typeof key !== 'string')
    return gatewayError(
      'BAD_USER_INPUT',
      'A representation must have the __typename of an entity and its key, both strings.',
      { argument: 'representations' },
    );
  if (entity.scope !== undefined && !context.caller.scopes.has(entity.scope)) return forbidden(entity.scope);
  // The key alone: what else stands in a representation is data of somebody else.
  return entity.resolveReference({ __typename: name, [entity.key]: key }, context, info);
}

function entitiesOf(union: GraphQLUnionType, { schema }: GraphQLResolveInfo): ReadonlyMap<string, Entity> {
  return new Map(schema.getPossibleTypes(union).map((type) => [type.name, toEntity(type)]));
}

function toEntity(type: GraphQLObjectType): Entity {
  const { name, extensions } = type;
  const directives = extensions['directives'] as readonly { name: string; args: { fields?: string } }[];
  const key = directives.find((directive) => directive.name === 'key')?.args.fields;
  const { subgraph } = extensions['apollo'] as { subgraph: { resolveReference: ResolveReference } };
  if (key === undefined) throw new TypeError(`${name} has no key`);
  return { key, scope: scopeOfType(type), resolveReference: subgraph.resolveReference };
}
