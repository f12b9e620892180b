import './scalars.ts';
import '../resources/subscribers/types.ts';
import '../resources/channel-connections/fields.ts';
import { builder } from './builder.ts';

/** Federation v2.9 subgraph; no access directives, since Apollo Router takes them only with a licence. */
export const schema = builder.toSubGraphSchema({
  linkUrl: 'https://specs.apollo.dev/federation/v2.9',
  federationDirectives: ['@key', '@shareable', '@tag', '@inaccessible', '@cost', '@listSize'],
});
