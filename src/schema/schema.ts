import '../graphql/scalars.ts';
import '../resources/subscribers/fields.ts';
import '../resources/contexts/fields.ts';
import '../resources/channel-connections/fields.ts';
import '../resources/channel-endpoints/fields.ts';
import '../resources/integrations/fields.ts';
import { builder } from '../graphql/builder.ts';
import type { Directive } from '../graphql/directives.ts';
import { gatewayError } from '../graphql/errors.ts';
import { printSorted, toSubgraphDocument } from './sdl.ts';

/** Federation v2.9; no access directives, since Apollo Router takes them only with a licence. */
const link: Directive = {
  name: 'link',
  args: {
    url: 'https://specs.apollo.dev/federation/v2.9',
    import: ['@key', '@shareable', '@tag', '@inaccessible', '@cost', '@listSize'],
  },
};

let sdl: string | undefined;

const Service = builder.objectRef<{ sdl: string }>('_Service').implement({
  description: 'This subgraph, for routers.',
  fields: (t) => ({
    sdl: t.exposeString('sdl', { description: 'The schema with its federation directives.' }),
  }),
});

builder.queryField('_service', (t) =>
  t.field({
    type: Service,
    nullable: false,
    novu: { asks: 'nothing' },
    description: 'The schema of this subgraph, for routers: services alone may ask.',
    resolve(_root, _args, { caller }) {
      // Routers have a key of their own; end users learn nothing here that introspection may be off for.
      if (caller.kind !== 'service') throw gatewayError('FORBIDDEN', 'The SDL is for services.');
      sdl ??= printSorted(toSubgraphDocument(schema));
      return { sdl };
    },
  }),
);

/** The schema of the gateway, a subgraph of Apollo Federation 2. */
export const schema = builder.toSchema({ extensions: { directives: [link] } });
