import './scalars.ts';
import '../resources/subscribers/types.ts';
import '../resources/channel-connections/fields.ts';
import '../resources/channel-endpoints/fields.ts';
import type { Context } from '../context.ts';
import { builder } from './builder.ts';
import { gatewayError } from './errors.ts';

/** Federation v2.9 subgraph; no access directives, since Apollo Router takes them only with a licence. */
export const schema = builder.toSubGraphSchema({
  linkUrl: 'https://specs.apollo.dev/federation/v2.9',
  federationDirectives: ['@key', '@shareable', '@tag', '@inaccessible', '@cost', '@listSize'],
});

// Routers fetch the SDL with their own key; it is none of an end user's business, introspection or not.
const service = schema.getQueryType()?.getFields()['_service'];
if (service?.resolve !== undefined) {
  const { resolve } = service;
  service.resolve = (root, args, context: Context, info) => {
    if (context.caller.kind !== 'service') throw gatewayError('FORBIDDEN', 'The SDL is for services.');
    return resolve(root, args, context, info) as unknown;
  };
}
