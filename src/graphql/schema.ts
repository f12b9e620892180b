import { type GraphQLObjectType, type GraphQLUnionType, getNamedType } from 'graphql';
import './scalars.ts';
import '../resources/subscribers/types.ts';
import '../resources/channel-connections/fields.ts';
import '../resources/channel-endpoints/fields.ts';
import '../resources/integrations/fields.ts';
import type { Context } from '../context.ts';
import { builder } from './builder.ts';
import { gatewayError } from './errors.ts';
import { printSorted, toSubgraphDocument } from './sdl.ts';

/** Federation v2.9 subgraph; no access directives, since Apollo Router takes them only with a licence. */
export const schema = builder.toSubGraphSchema({
  linkUrl: 'https://specs.apollo.dev/federation/v2.9',
  federationDirectives: ['@key', '@shareable', '@tag', '@inaccessible', '@cost', '@listSize'],
});

let sdl: string | undefined;

// Routers fetch the SDL with their own key; it is none of an end user's business, introspection or not.
const service = schema.getQueryType()?.getFields()['_service'];
if (service !== undefined) {
  service.resolve = (_root, _args, { caller }: Context) => {
    if (caller.kind !== 'service') throw gatewayError('FORBIDDEN', 'The SDL is for services.');
    sdl ??= printSorted(toSubgraphDocument(schema));
    return { sdl };
  };
}

// A representation that names no entity is the caller's mistake; @apollo/subgraph would throw something unforeseen.
const entities = schema.getQueryType()?.getFields()['_entities'];
if (entities?.resolve !== undefined) {
  const { resolve } = entities;
  const keys = new Map(
    schema
      .getPossibleTypes(getNamedType(entities.type) as GraphQLUnionType)
      .map((type) => [type.name, keyOf(type)]),
  );
  const isKnown = (one: Readonly<Record<string, unknown>> | null) => {
    const key = keys.get(String(one?.['__typename']));
    return key !== undefined && typeof one?.[key] === 'string';
  };
  entities.resolve = (root, args, context: Context, info) => {
    const representations = args['representations'] as readonly (Record<string, unknown> | null)[];
    if (!representations.every(isKnown)) {
      throw gatewayError(
        'BAD_USER_INPUT',
        'Every representation must have the __typename of an entity and its key, a text.',
        { argument: 'representations' },
      );
    }
    return resolve(root, args, context, info);
  };
}

/** The one field of an entity's key. */
function keyOf({ name, extensions }: GraphQLObjectType): string {
  const directives = extensions['directives'] as readonly { name: string; args: { fields?: string } }[];
  const key = directives.find((directive) => directive.name === 'key')?.args.fields;
  if (key === undefined) throw new TypeError(`${name} has no key`);
  return key;
}
