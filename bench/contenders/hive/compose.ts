/** Makes the supergraph of Novu's OpenAPI document: `compose.ts <document> <address of Novu> <file to write>`. */
import { writeFileSync } from 'node:fs';
import { getComposedSchemaFromConfig } from '@graphql-mesh/compose-cli';
import { loadOpenAPISubgraph } from '@omnigraph/openapi';
import { novuKey } from '../../requests/novu.ts';

const [source = '', endpoint = '', target = ''] = process.argv.slice(2);
const sourceHandler = loadOpenAPISubgraph('novu', {
  source,
  endpoint,
  operationHeaders: { authorization: `ApiKey ${novuKey}` },
  ignoreErrorResponses: true,
});
const silent: unknown = new Proxy(
  {},
  { get: (_, name) => (name === 'child' ? () => silent : () => undefined) },
);
writeFileSync(target, await getComposedSchemaFromConfig({ subgraphs: [{ sourceHandler }] }, silent));
