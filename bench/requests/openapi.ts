/** The operations in the words of a schema that is generated from Novu's OpenAPI document. */
import type { Exchange } from './exchange.ts';
import { toGraphql } from './operations.ts';
import { connection, input, page, pageSize } from './novu.ts';

const fields =
  'identifier channel providerId integrationIdentifier subscriberId contextKeys workspace { id name } createdAt updatedAt';
const { auth: _, ...row } = connection;

/** Novu's own words, so that what comes back is what Novu sent, field by field. */
export const openApiExchanges: { create: Exchange; retrieve: Exchange; list: Exchange } = {
  create: toGraphql({
    name: 'create',
    text: `mutation Create($input: CreateChannelConnectionRequestDto_Input, $key: String) {
  created: ChannelConnectionsController_createChannelConnection(input: $input, idempotency_key: $key) { ${fields} }
}`,
    variables: (id) => ({ key: `bench-${id}`, input: { ...input, context: { key: 'org-acme' } } }),
    data: () => ({ created: row }),
  }),
  retrieve: toGraphql({
    name: 'retrieve',
    text: `query Retrieve($identifier: String!) {
  row: ChannelConnectionsController_getChannelConnectionByIdentifier(identifier: $identifier) {
    identifier channel providerId subscriberId workspace { id name } auth { accessToken }
  }
}`,
    variables: (id) => ({ identifier: `bench-${id}` }),
    data: (id) => ({
      row: {
        identifier: `bench-${id}`,
        channel: connection.channel,
        providerId: connection.providerId,
        subscriberId: connection.subscriberId,
        workspace: connection.workspace,
        auth: connection.auth,
      },
    }),
  }),
  list: toGraphql({
    name: 'list',
    text: `query List($limit: Float, $integration: String) {
  page: ChannelConnectionsController_listChannelConnections(limit: $limit, integrationIdentifier: $integration) {
    data { ${fields} } next totalCount
  }
}`,
    variables: (id) => ({ limit: pageSize, integration: `slack-prod-${id}` }),
    data: () => ({
      page: {
        data: page.data.map(({ auth: _auth, ...listed }) => listed),
        next: page.next,
        totalCount: page.totalCount,
      },
    }),
  }),
};
