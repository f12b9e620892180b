import '../graphql/scalars.ts';
import '../resources/subscribers/types.ts';
import '../resources/channel-connections/fields.ts';
import '../resources/channel-endpoints/fields.ts';
import '../resources/integrations/fields.ts';
import type { Context } from '../graphql/context.ts';
import { builder } from '../graphql/builder.ts';
import { gatewayError } from '../graphql/errors.ts';
import { resolveEntities } from '../graphql/federation.ts';
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

const entities = schema.getQueryType()?.getFields()['_entities'];
if (entities !== undefined) entities.resolve = resolveEntities;
