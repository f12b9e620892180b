/* eslint-disable */
/** Internal type. DO NOT USE DIRECTLY. */
type Exact<T extends { [key: string]: unknown }> = { [K in keyof T]: T[K] };
/** Internal type. DO NOT USE DIRECTLY. */
export type Incremental<T> = T | { [P in keyof T]?: P extends ' $fragmentName' | '__typename' ? T[P] : never };
import type { TypedDocumentNode as DocumentNode } from '@graphql-typed-document-node/core';
/** Novu's types of endpoints; UNRECOGNIZED when Novu knows one that this gateway does not. */
export type ChannelEndpointType =
  | 'GRAFANA_ONCALL_INTEGRATION'
  | 'LINE_USER'
  | 'MS_TEAMS_CHANNEL'
  | 'MS_TEAMS_USER'
  | 'OPSGENIE_INTEGRATION'
  | 'PAGERDUTY_SERVICE'
  | 'PHONE'
  | 'SLACK_CHANNEL'
  | 'SLACK_USER'
  | 'TELEGRAM_CHAT'
  | 'TOOL_WEBHOOK'
  | 'UNRECOGNIZED'
  | 'WEBEX_PERSON'
  | 'WEBEX_ROOM'
  | 'WEBHOOK';

/** The kind of channel; UNRECOGNIZED when Novu knows one that this gateway does not. */
export type NovuChannelType =
  | 'CHAT'
  | 'EMAIL'
  | 'IN_APP'
  | 'PUSH'
  | 'SMS'
  | 'TOOL'
  | 'UNRECOGNIZED';

/** Novu's providers; UNRECOGNIZED when Novu knows one that this gateway does not. */
export type NovuProvider =
  | 'AFRICAS_TALKING'
  | 'AFRO_MESSAGE'
  | 'ANTHROPIC'
  | 'ANTHROPIC_AWS'
  | 'ANYPOST'
  | 'APNS'
  | 'APPIO'
  | 'AZURE_SMS'
  | 'BANDWIDTH'
  | 'BRAZE'
  | 'BREVO_SMS'
  | 'BULK_SMS'
  | 'BURST_SMS'
  | 'CHAT_WEBHOOK'
  | 'CLICKATELL'
  | 'CLICKSEND'
  | 'CM_TELECOM'
  | 'DISCORD'
  | 'EAZY_SMS'
  | 'EMAILJS'
  | 'EMAIL_WEBHOOK'
  | 'EXPO'
  | 'FCM'
  | 'FIRETEXT'
  | 'FORTY_SIX_ELKS'
  | 'GENERIC_SMS'
  | 'GETSTREAM'
  | 'GRAFANA'
  | 'GRAFANA_ON_CALL'
  | 'GUPSHUP'
  | 'IMEDIA'
  | 'INFOBIP_EMAIL'
  | 'INFOBIP_SMS'
  | 'ISENDPRO_SMS'
  | 'ISEND_SMS'
  | 'KANNEL'
  | 'LINE'
  | 'MAILERSEND'
  | 'MAILGUN'
  | 'MAILJET'
  | 'MAILTRAP'
  | 'MANDRILL'
  | 'MAQSAM'
  | 'MATTERMOST'
  | 'MESSAGEBIRD'
  | 'MOBISHASTRA'
  | 'MSTEAMS'
  | 'NETCORE'
  | 'NEXMO'
  | 'NODEMAILER'
  | 'NOVU'
  | 'NOVU_ANTHROPIC'
  | 'NOVU_EMAIL'
  | 'NOVU_EMAIL_AGENT'
  | 'NOVU_SLACK'
  | 'NOVU_SMS'
  | 'NOVU_WEB_CHAT'
  | 'ONE_SIGNAL'
  | 'OPSGENIE'
  | 'OUTLOOK365'
  | 'PAGERDUTY'
  | 'PLIVO'
  | 'PLUNK'
  | 'POSTMARK'
  | 'PUSHER_BEAMS'
  | 'PUSHPAD'
  | 'PUSH_WEBHOOK'
  | 'RESEND'
  | 'RING_CENTRAL'
  | 'ROCKET_CHAT'
  | 'RUACH_SMS'
  | 'RYVER'
  | 'SENDBLUE'
  | 'SENDCHAMP'
  | 'SENDGRID'
  | 'SENDINBLUE'
  | 'SES'
  | 'SIMPLETEXTING'
  | 'SINCH'
  | 'SLACK'
  | 'SMS77'
  | 'SMSMODE'
  | 'SMS_CENTRAL'
  | 'SNS'
  | 'SPARKPOST'
  | 'TELEGRAM'
  | 'TELNYX'
  | 'TERMII'
  | 'TOOL_WEBHOOK'
  | 'TWILIO'
  | 'UNIFONIC'
  | 'UNRECOGNIZED'
  | 'WEBEX_MESSAGING'
  | 'WHATSAPP_BUSINESS'
  | 'ZULIP';

export type NovuUserErrorCode =
  | 'ALREADY_EXISTS'
  | 'BUSY'
  | 'IDEMPOTENCY_IN_PROGRESS'
  | 'IDEMPOTENCY_KEY_REUSED'
  | 'INVALID_INPUT'
  | 'NOT_FOUND'
  | 'PROVIDER_REFUSED'
  | 'UNRECOGNIZED'
  | 'UNSUPPORTED';

export type CreateChannelConnectionMutationVariables = Exact<{ [key: string]: never; }>;


export type CreateChannelConnectionMutation = { createChannelConnection: { channelConnection: { identifier: string, channel: NovuChannelType | null, providerId: string | null, integrationIdentifier: string | null, subscriberId: string | null, contextKeys: Array<string> | null, createdAt: string | null, updatedAt: string | null, workspace: { id: string, name: string | null } | null, auth: { hasAccessToken: boolean } | null } | null, idempotency: { key: string, replayed: boolean }, rateLimit: { limit: number | null, remaining: number | null, resetSeconds: number | null } | null, headers: Array<{ name: string, values: Array<string> }>, userErrors: Array<
      | { code: NovuUserErrorCode, message: string, path: Array<string> | null }
      | { code: NovuUserErrorCode, message: string, path: Array<string> | null }
      | { code: NovuUserErrorCode, message: string, path: Array<string> | null }
      | { code: NovuUserErrorCode, message: string, path: Array<string> | null }
      | { code: NovuUserErrorCode, message: string, path: Array<string> | null }
      | { code: NovuUserErrorCode, message: string, path: Array<string> | null }
    > } | null };

export type ChannelConnectionQueryVariables = Exact<{ [key: string]: never; }>;


export type ChannelConnectionQuery = { channelConnection: { identifier: string, channel: NovuChannelType | null, provider: NovuProvider | null, subscriber: { subscriberId: string } | null, workspace: { id: string, name: string | null } | null, auth: { hasAccessToken: boolean, hasRefreshToken: boolean | null, expiresAt: string | null } | null } | null };

export type ChannelConnectionsQueryVariables = Exact<{
  after?: string | null | undefined;
}>;


export type ChannelConnectionsQuery = { channelConnections: { totalCount: number, totalCountCapped: boolean, nodes: Array<{ identifier: string, provider: NovuProvider | null, subscriberId: string | null, contextKeys: Array<string> | null }>, pageInfo: { hasNextPage: boolean, endCursor: string | null } } | null };

export type UpdateChannelConnectionMutationVariables = Exact<{ [key: string]: never; }>;


export type UpdateChannelConnectionMutation = { updateChannelConnection: { channelConnection: { identifier: string, updatedAt: string | null, workspace: { name: string | null } | null } | null, idempotency: { replayed: boolean }, userErrors: Array<
      | { code: NovuUserErrorCode, message: string, path: Array<string> | null }
      | { code: NovuUserErrorCode, message: string, path: Array<string> | null }
      | { code: NovuUserErrorCode, message: string, path: Array<string> | null }
      | { code: NovuUserErrorCode, message: string, path: Array<string> | null }
      | { code: NovuUserErrorCode, message: string, path: Array<string> | null }
      | { code: NovuUserErrorCode, message: string, path: Array<string> | null }
    > } | null };

export type VerifyChannelConnectionMutationVariables = Exact<{ [key: string]: never; }>;


export type VerifyChannelConnectionMutation = { verifyChannelConnection: { channelConnection: { identifier: string, auth: { hasAccessToken: boolean } | null } | null, userErrors: Array<
      | { code: NovuUserErrorCode, message: string }
      | { code: NovuUserErrorCode, message: string }
      | { code: NovuUserErrorCode, message: string }
      | { code: NovuUserErrorCode, message: string }
      | { code: NovuUserErrorCode, message: string }
      | { code: NovuUserErrorCode, message: string }
    > } | null };

export type SubscriberOfConnectionQueryVariables = Exact<{ [key: string]: never; }>;


export type SubscriberOfConnectionQuery = { channelConnection: { subscriber: { subscriberId: string, channelConnections: { nodes: Array<{ identifier: string }> } | null } | null } | null };

export type DeleteChannelConnectionMutationVariables = Exact<{ [key: string]: never; }>;


export type DeleteChannelConnectionMutation = { deleteChannelConnection: { deletedIdentifier: string | null, deletedEndpointIdentifiers: Array<string>, remainingEndpoints: { totalCount: number } | null, userErrors: Array<
      | { code: NovuUserErrorCode, message: string }
      | { code: NovuUserErrorCode, message: string }
      | { code: NovuUserErrorCode, message: string }
      | { code: NovuUserErrorCode, message: string }
      | { code: NovuUserErrorCode, message: string }
      | { code: NovuUserErrorCode, message: string }
    > } | null };

export type CreateChannelEndpointMutationVariables = Exact<{ [key: string]: never; }>;


export type CreateChannelEndpointMutation = { createChannelEndpoint: { channelEndpoint: { identifier: string, type: ChannelEndpointType | null, address:
        | { userId: string }
        | Record<PropertyKey, never>
       | null } | null, idempotency: { key: string, replayed: boolean }, userErrors: Array<
      | { code: NovuUserErrorCode, message: string, path: Array<string> | null }
      | { code: NovuUserErrorCode, message: string, path: Array<string> | null }
      | { code: NovuUserErrorCode, message: string, path: Array<string> | null }
      | { code: NovuUserErrorCode, message: string, path: Array<string> | null }
      | { code: NovuUserErrorCode, message: string, path: Array<string> | null }
      | { code: NovuUserErrorCode, message: string, path: Array<string> | null }
    > } | null };

export type UpdateChannelEndpointMutationVariables = Exact<{ [key: string]: never; }>;


export type UpdateChannelEndpointMutation = { updateChannelEndpoint: { channelEndpoint: { identifier: string, updatedAt: string | null, address:
        | { userId: string }
        | Record<PropertyKey, never>
       | null } | null, userErrors: Array<
      | { code: NovuUserErrorCode, message: string, path: Array<string> | null }
      | { code: NovuUserErrorCode, message: string, path: Array<string> | null }
      | { code: NovuUserErrorCode, message: string, path: Array<string> | null }
      | { code: NovuUserErrorCode, message: string, path: Array<string> | null }
      | { code: NovuUserErrorCode, message: string, path: Array<string> | null }
      | { code: NovuUserErrorCode, message: string, path: Array<string> | null }
    > } | null };

export type ChannelEndpointQueryVariables = Exact<{ [key: string]: never; }>;


export type ChannelEndpointQuery = { channelEndpoint: { identifier: string, type: ChannelEndpointType | null, connection: { identifier: string, workspace: { name: string | null } | null } | null, subscriber: { subscriberId: string } | null } | null };

export type ChannelEndpointsQueryVariables = Exact<{
  after?: string | null | undefined;
}>;


export type ChannelEndpointsQuery = { channelEndpoints: { totalCount: number, nodes: Array<{ identifier: string, provider: NovuProvider | null, type: ChannelEndpointType | null, address:
        | { __typename: 'GrafanaOnCallIntegrationEndpointAddress' }
        | { __typename: 'LineUserEndpointAddress' }
        | { __typename: 'MsTeamsChannelEndpointAddress' }
        | { __typename: 'MsTeamsUserEndpointAddress' }
        | { __typename: 'OpsgenieIntegrationEndpointAddress' }
        | { __typename: 'PagerDutyServiceEndpointAddress' }
        | { __typename: 'PhoneEndpointAddress', phoneNumber: string }
        | { __typename: 'SlackChannelEndpointAddress', channelId: string }
        | { __typename: 'SlackUserEndpointAddress', userId: string }
        | { __typename: 'TelegramChatEndpointAddress' }
        | { __typename: 'ToolWebhookEndpointAddress' }
        | { __typename: 'UnrecognizedEndpointAddress', type: string, fieldNames: Array<string> }
        | { __typename: 'WebexPersonEndpointAddress' }
        | { __typename: 'WebexRoomEndpointAddress' }
        | { __typename: 'WebhookEndpointAddress', channel: string | null }
       | null }>, pageInfo: { hasNextPage: boolean, endCursor: string | null } } | null };

export type EndpointsOfConnectionQueryVariables = Exact<{ [key: string]: never; }>;


export type EndpointsOfConnectionQuery = { channelConnection: { identifier: string, endpoints: { totalCount: number, nodes: Array<{ identifier: string, type: ChannelEndpointType | null }> } | null } | null };

export type SubscriberOfEndpointQueryVariables = Exact<{ [key: string]: never; }>;


export type SubscriberOfEndpointQuery = { channelEndpoint: { subscriber: { subscriberId: string, channelConnections: { totalCount: number } | null, channelEndpoints: { nodes: Array<{ identifier: string }> } | null } | null } | null };

export type DeleteChannelEndpointMutationVariables = Exact<{ [key: string]: never; }>;


export type DeleteChannelEndpointMutation = { deleteChannelEndpoint: { deletedIdentifier: string | null, userErrors: Array<
      | { code: NovuUserErrorCode, message: string }
      | { code: NovuUserErrorCode, message: string }
      | { code: NovuUserErrorCode, message: string }
      | { code: NovuUserErrorCode, message: string }
      | { code: NovuUserErrorCode, message: string }
      | { code: NovuUserErrorCode, message: string }
    > } | null };

export type CreateContextMutationVariables = Exact<{ [key: string]: never; }>;


export type CreateContextMutation = { createContext: { context: { type: string, id: string, data: Record<string, unknown> | null, createdAt: string | null } | null, idempotency: { key: string, replayed: boolean }, userErrors: Array<
      | { code: NovuUserErrorCode, message: string, path: Array<string> | null }
      | { code: NovuUserErrorCode, message: string, path: Array<string> | null }
      | { code: NovuUserErrorCode, message: string, path: Array<string> | null }
      | { code: NovuUserErrorCode, message: string, path: Array<string> | null }
      | { code: NovuUserErrorCode, message: string, path: Array<string> | null }
      | { code: NovuUserErrorCode, message: string, path: Array<string> | null }
    > } | null };

export type UpdateContextMutationVariables = Exact<{ [key: string]: never; }>;


export type UpdateContextMutation = { updateContext: { context: { type: string, id: string, data: Record<string, unknown> | null, updatedAt: string | null } | null, userErrors: Array<
      | { code: NovuUserErrorCode, message: string, path: Array<string> | null }
      | { code: NovuUserErrorCode, message: string, path: Array<string> | null }
      | { code: NovuUserErrorCode, message: string, path: Array<string> | null }
      | { code: NovuUserErrorCode, message: string, path: Array<string> | null }
      | { code: NovuUserErrorCode, message: string, path: Array<string> | null }
      | { code: NovuUserErrorCode, message: string, path: Array<string> | null }
    > } | null };

export type ContextQueryVariables = Exact<{ [key: string]: never; }>;


export type ContextQuery = { context: { type: string, id: string, data: Record<string, unknown> | null } | null };

export type ContextsQueryVariables = Exact<{
  after?: string | null | undefined;
}>;


export type ContextsQuery = { contexts: { totalCount: number, nodes: Array<{ type: string, id: string, data: Record<string, unknown> | null, createdAt: string | null }>, pageInfo: { hasNextPage: boolean, endCursor: string | null } } | null };

export type ContextsOfConnectionQueryVariables = Exact<{ [key: string]: never; }>;


export type ContextsOfConnectionQuery = { channelConnection: { identifier: string, contexts: Array<{ type: string, id: string, data: Record<string, unknown> | null }> | null } | null };

export type DeleteContextMutationVariables = Exact<{ [key: string]: never; }>;


export type DeleteContextMutation = { deleteContext: { deletedIdentifier: string | null, userErrors: Array<
      | { code: NovuUserErrorCode, message: string, path: Array<string> | null }
      | { code: NovuUserErrorCode, message: string, path: Array<string> | null }
      | { code: NovuUserErrorCode, message: string, path: Array<string> | null }
      | { code: NovuUserErrorCode, message: string, path: Array<string> | null }
      | { code: NovuUserErrorCode, message: string, path: Array<string> | null }
      | { code: NovuUserErrorCode, message: string, path: Array<string> | null }
    > } | null };

export type IntegrationsQueryVariables = Exact<{ [key: string]: never; }>;


export type IntegrationsQuery = { integrations: Array<{ identifier: string, name: string | null, provider: NovuProvider | null, channel: NovuChannelType | null, active: boolean | null, primary: boolean | null }> | null };

export type IntegrationsOfConnectionsQueryVariables = Exact<{ [key: string]: never; }>;


export type IntegrationsOfConnectionsQuery = { channelConnections: { nodes: Array<{ identifier: string, integration: { name: string | null, active: boolean | null } | null }> } | null };

export type GenerateConnectOAuthUrlMutationVariables = Exact<{ [key: string]: never; }>;


export type GenerateConnectOAuthUrlMutation = { generateConnectOAuthUrl: { url: string | null, expiresAt: string | null, userErrors: Array<
      | { code: NovuUserErrorCode, message: string, path: Array<string> | null }
      | { code: NovuUserErrorCode, message: string, path: Array<string> | null }
      | { code: NovuUserErrorCode, message: string, path: Array<string> | null }
      | { code: NovuUserErrorCode, message: string, path: Array<string> | null }
      | { code: NovuUserErrorCode, message: string, path: Array<string> | null }
      | { code: NovuUserErrorCode, message: string, path: Array<string> | null }
    > } | null };

export type GenerateLinkUserOAuthUrlMutationVariables = Exact<{ [key: string]: never; }>;


export type GenerateLinkUserOAuthUrlMutation = { generateLinkUserOAuthUrl: { url: string | null, expiresAt: string | null, userErrors: Array<
      | { code: NovuUserErrorCode, message: string, path: Array<string> | null }
      | { code: NovuUserErrorCode, message: string, path: Array<string> | null }
      | { code: NovuUserErrorCode, message: string, path: Array<string> | null }
      | { code: NovuUserErrorCode, message: string, path: Array<string> | null }
      | { code: NovuUserErrorCode, message: string, path: Array<string> | null }
      | { code: NovuUserErrorCode, message: string, path: Array<string> | null }
    > } | null };

export type LinkChannelEndpointMutationVariables = Exact<{ [key: string]: never; }>;


export type LinkChannelEndpointMutation = { linkChannelEndpoint: { url: string | null, providerMetadata: Record<string, unknown> | null, userErrors: Array<
      | { code: NovuUserErrorCode, message: string, path: Array<string> | null }
      | { code: NovuUserErrorCode, message: string, path: Array<string> | null }
      | { code: NovuUserErrorCode, message: string, path: Array<string> | null }
      | { code: NovuUserErrorCode, message: string, path: Array<string> | null }
      | { code: NovuUserErrorCode, message: string, path: Array<string> | null }
      | { code: NovuUserErrorCode, message: string, path: Array<string> | null }
    > } | null };

export type UpsertSubscriberMutationVariables = Exact<{ [key: string]: never; }>;


export type UpsertSubscriberMutation = { upsertSubscriber: { subscriber: { subscriberId: string, firstName: string | null, data: Record<string, unknown> | null, createdAt: string | null } | null, idempotency: { key: string, replayed: boolean }, userErrors: Array<
      | { code: NovuUserErrorCode, message: string, path: Array<string> | null }
      | { code: NovuUserErrorCode, message: string, path: Array<string> | null }
      | { code: NovuUserErrorCode, message: string, path: Array<string> | null }
      | { code: NovuUserErrorCode, message: string, path: Array<string> | null }
      | { code: NovuUserErrorCode, message: string, path: Array<string> | null }
      | { code: NovuUserErrorCode, message: string, path: Array<string> | null }
    > } | null };

export type UpdateSubscriberMutationVariables = Exact<{ [key: string]: never; }>;


export type UpdateSubscriberMutation = { updateSubscriber: { subscriber: { subscriberId: string, phone: string | null, locale: string | null } | null, userErrors: Array<
      | { code: NovuUserErrorCode, message: string, path: Array<string> | null }
      | { code: NovuUserErrorCode, message: string, path: Array<string> | null }
      | { code: NovuUserErrorCode, message: string, path: Array<string> | null }
      | { code: NovuUserErrorCode, message: string, path: Array<string> | null }
      | { code: NovuUserErrorCode, message: string, path: Array<string> | null }
      | { code: NovuUserErrorCode, message: string, path: Array<string> | null }
    > } | null };

export type SubscriberQueryVariables = Exact<{ [key: string]: never; }>;


export type SubscriberQuery = { subscriber: { subscriberId: string, firstName: string | null, lastName: string | null, email: string | null, phone: string | null, avatar: string | null, locale: string | null, timezone: string | null, data: Record<string, unknown> | null, createdAt: string | null, channelEndpoints: { nodes: Array<{ identifier: string, type: ChannelEndpointType | null }> } | null } | null };

export type SubscribersQueryVariables = Exact<{
  after?: string | null | undefined;
}>;


export type SubscribersQuery = { subscribers: { totalCount: number, nodes: Array<{ subscriberId: string, firstName: string | null, lastName: string | null }>, pageInfo: { hasNextPage: boolean, endCursor: string | null } } | null };

export type DeleteSubscriberMutationVariables = Exact<{ [key: string]: never; }>;


export type DeleteSubscriberMutation = { deleteSubscriber: { deletedIdentifier: string | null, userErrors: Array<
      | { code: NovuUserErrorCode, message: string, path: Array<string> | null }
      | { code: NovuUserErrorCode, message: string, path: Array<string> | null }
      | { code: NovuUserErrorCode, message: string, path: Array<string> | null }
      | { code: NovuUserErrorCode, message: string, path: Array<string> | null }
      | { code: NovuUserErrorCode, message: string, path: Array<string> | null }
      | { code: NovuUserErrorCode, message: string, path: Array<string> | null }
    > } | null };


export const CreateChannelConnectionDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"mutation","name":{"kind":"Name","value":"CreateChannelConnection"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"createChannelConnection"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"idempotencyKey"},"value":{"kind":"StringValue","value":"connect-acme-1","block":false}},{"kind":"Argument","name":{"kind":"Name","value":"input"},"value":{"kind":"ObjectValue","fields":[{"kind":"ObjectField","name":{"kind":"Name","value":"identifier"},"value":{"kind":"StringValue","value":"slack-prod-user123-abc4","block":false}},{"kind":"ObjectField","name":{"kind":"Name","value":"subscriberId"},"value":{"kind":"StringValue","value":"subscriber-123","block":false}},{"kind":"ObjectField","name":{"kind":"Name","value":"integrationIdentifier"},"value":{"kind":"StringValue","value":"slack-prod","block":false}},{"kind":"ObjectField","name":{"kind":"Name","value":"context"},"value":{"kind":"ListValue","values":[{"kind":"ObjectValue","fields":[{"kind":"ObjectField","name":{"kind":"Name","value":"type"},"value":{"kind":"StringValue","value":"key","block":false}},{"kind":"ObjectField","name":{"kind":"Name","value":"id"},"value":{"kind":"StringValue","value":"org-acme","block":false}}]}]}},{"kind":"ObjectField","name":{"kind":"Name","value":"workspace"},"value":{"kind":"ObjectValue","fields":[{"kind":"ObjectField","name":{"kind":"Name","value":"id"},"value":{"kind":"StringValue","value":"T123456","block":false}},{"kind":"ObjectField","name":{"kind":"Name","value":"name"},"value":{"kind":"StringValue","value":"Acme HQ","block":false}}]}},{"kind":"ObjectField","name":{"kind":"Name","value":"auth"},"value":{"kind":"ObjectValue","fields":[{"kind":"ObjectField","name":{"kind":"Name","value":"accessToken"},"value":{"kind":"StringValue","value":"xoxb-example","block":false}}]}}]}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"channelConnection"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"identifier"}},{"kind":"Field","name":{"kind":"Name","value":"channel"}},{"kind":"Field","name":{"kind":"Name","value":"providerId"}},{"kind":"Field","name":{"kind":"Name","value":"integrationIdentifier"}},{"kind":"Field","name":{"kind":"Name","value":"subscriberId"}},{"kind":"Field","name":{"kind":"Name","value":"contextKeys"}},{"kind":"Field","name":{"kind":"Name","value":"workspace"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"name"}}]}},{"kind":"Field","name":{"kind":"Name","value":"auth"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"hasAccessToken"}}]}},{"kind":"Field","name":{"kind":"Name","value":"createdAt"}},{"kind":"Field","name":{"kind":"Name","value":"updatedAt"}}]}},{"kind":"Field","name":{"kind":"Name","value":"idempotency"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"key"}},{"kind":"Field","name":{"kind":"Name","value":"replayed"}}]}},{"kind":"Field","name":{"kind":"Name","value":"rateLimit"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"limit"}},{"kind":"Field","name":{"kind":"Name","value":"remaining"}},{"kind":"Field","name":{"kind":"Name","value":"resetSeconds"}}]}},{"kind":"Field","name":{"kind":"Name","value":"headers"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"name"}},{"kind":"Field","name":{"kind":"Name","value":"values"}}]}},{"kind":"Field","name":{"kind":"Name","value":"userErrors"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"code"}},{"kind":"Field","name":{"kind":"Name","value":"message"}},{"kind":"Field","name":{"kind":"Name","value":"path"}}]}}]}}]}}]} as unknown as DocumentNode<CreateChannelConnectionMutation, CreateChannelConnectionMutationVariables>;
export const ChannelConnectionDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"query","name":{"kind":"Name","value":"ChannelConnection"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"channelConnection"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"identifier"},"value":{"kind":"StringValue","value":"slack-prod-user123-abc4","block":false}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"identifier"}},{"kind":"Field","name":{"kind":"Name","value":"channel"}},{"kind":"Field","name":{"kind":"Name","value":"provider"}},{"kind":"Field","name":{"kind":"Name","value":"subscriber"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"subscriberId"}}]}},{"kind":"Field","name":{"kind":"Name","value":"workspace"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"name"}}]}},{"kind":"Field","name":{"kind":"Name","value":"auth"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"hasAccessToken"}},{"kind":"Field","name":{"kind":"Name","value":"hasRefreshToken"}},{"kind":"Field","name":{"kind":"Name","value":"expiresAt"}}]}}]}}]}}]} as unknown as DocumentNode<ChannelConnectionQuery, ChannelConnectionQueryVariables>;
export const ChannelConnectionsDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"query","name":{"kind":"Name","value":"ChannelConnections"},"variableDefinitions":[{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"after"}},"type":{"kind":"NamedType","name":{"kind":"Name","value":"String"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"channelConnections"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"first"},"value":{"kind":"IntValue","value":"2"}},{"kind":"Argument","name":{"kind":"Name","value":"after"},"value":{"kind":"Variable","name":{"kind":"Name","value":"after"}}},{"kind":"Argument","name":{"kind":"Name","value":"filter"},"value":{"kind":"ObjectValue","fields":[{"kind":"ObjectField","name":{"kind":"Name","value":"subscriberId"},"value":{"kind":"StringValue","value":"subscriber-123","block":false}}]}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"nodes"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"identifier"}},{"kind":"Field","name":{"kind":"Name","value":"provider"}},{"kind":"Field","name":{"kind":"Name","value":"subscriberId"}},{"kind":"Field","name":{"kind":"Name","value":"contextKeys"}}]}},{"kind":"Field","name":{"kind":"Name","value":"pageInfo"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"hasNextPage"}},{"kind":"Field","name":{"kind":"Name","value":"endCursor"}}]}},{"kind":"Field","name":{"kind":"Name","value":"totalCount"}},{"kind":"Field","name":{"kind":"Name","value":"totalCountCapped"}}]}}]}}]} as unknown as DocumentNode<ChannelConnectionsQuery, ChannelConnectionsQueryVariables>;
export const UpdateChannelConnectionDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"mutation","name":{"kind":"Name","value":"UpdateChannelConnection"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"updateChannelConnection"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"identifier"},"value":{"kind":"StringValue","value":"slack-prod-user123-abc4","block":false}},{"kind":"Argument","name":{"kind":"Name","value":"idempotencyKey"},"value":{"kind":"StringValue","value":"rename-acme-1","block":false}},{"kind":"Argument","name":{"kind":"Name","value":"input"},"value":{"kind":"ObjectValue","fields":[{"kind":"ObjectField","name":{"kind":"Name","value":"workspace"},"value":{"kind":"ObjectValue","fields":[{"kind":"ObjectField","name":{"kind":"Name","value":"id"},"value":{"kind":"StringValue","value":"T123456","block":false}},{"kind":"ObjectField","name":{"kind":"Name","value":"name"},"value":{"kind":"StringValue","value":"Acme Headquarters","block":false}}]}},{"kind":"ObjectField","name":{"kind":"Name","value":"auth"},"value":{"kind":"ObjectValue","fields":[{"kind":"ObjectField","name":{"kind":"Name","value":"accessToken"},"value":{"kind":"StringValue","value":"xoxb-example","block":false}}]}}]}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"channelConnection"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"identifier"}},{"kind":"Field","name":{"kind":"Name","value":"workspace"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"name"}}]}},{"kind":"Field","name":{"kind":"Name","value":"updatedAt"}}]}},{"kind":"Field","name":{"kind":"Name","value":"idempotency"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"replayed"}}]}},{"kind":"Field","name":{"kind":"Name","value":"userErrors"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"code"}},{"kind":"Field","name":{"kind":"Name","value":"message"}},{"kind":"Field","name":{"kind":"Name","value":"path"}}]}}]}}]}}]} as unknown as DocumentNode<UpdateChannelConnectionMutation, UpdateChannelConnectionMutationVariables>;
export const VerifyChannelConnectionDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"mutation","name":{"kind":"Name","value":"VerifyChannelConnection"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"verifyChannelConnection"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"identifier"},"value":{"kind":"StringValue","value":"slack-prod-user123-abc4","block":false}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"channelConnection"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"identifier"}},{"kind":"Field","name":{"kind":"Name","value":"auth"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"hasAccessToken"}}]}}]}},{"kind":"Field","name":{"kind":"Name","value":"userErrors"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"code"}},{"kind":"Field","name":{"kind":"Name","value":"message"}}]}}]}}]}}]} as unknown as DocumentNode<VerifyChannelConnectionMutation, VerifyChannelConnectionMutationVariables>;
export const SubscriberOfConnectionDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"query","name":{"kind":"Name","value":"SubscriberOfConnection"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"channelConnection"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"identifier"},"value":{"kind":"StringValue","value":"slack-prod-user123-abc4","block":false}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"subscriber"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"subscriberId"}},{"kind":"Field","name":{"kind":"Name","value":"channelConnections"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"first"},"value":{"kind":"IntValue","value":"10"}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"nodes"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"identifier"}}]}}]}}]}}]}}]}}]} as unknown as DocumentNode<SubscriberOfConnectionQuery, SubscriberOfConnectionQueryVariables>;
export const DeleteChannelConnectionDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"mutation","name":{"kind":"Name","value":"DeleteChannelConnection"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"deleteChannelConnection"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"identifier"},"value":{"kind":"StringValue","value":"slack-prod-user123-abc4","block":false}},{"kind":"Argument","name":{"kind":"Name","value":"withEndpoints"},"value":{"kind":"BooleanValue","value":true}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"deletedIdentifier"}},{"kind":"Field","name":{"kind":"Name","value":"deletedEndpointIdentifiers"}},{"kind":"Field","name":{"kind":"Name","value":"remainingEndpoints"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"totalCount"}}]}},{"kind":"Field","name":{"kind":"Name","value":"userErrors"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"code"}},{"kind":"Field","name":{"kind":"Name","value":"message"}}]}}]}}]}}]} as unknown as DocumentNode<DeleteChannelConnectionMutation, DeleteChannelConnectionMutationVariables>;
export const CreateChannelEndpointDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"mutation","name":{"kind":"Name","value":"CreateChannelEndpoint"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"createChannelEndpoint"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"idempotencyKey"},"value":{"kind":"StringValue","value":"reach-ada-1","block":false}},{"kind":"Argument","name":{"kind":"Name","value":"input"},"value":{"kind":"ObjectValue","fields":[{"kind":"ObjectField","name":{"kind":"Name","value":"identifier"},"value":{"kind":"StringValue","value":"slack-user-ada","block":false}},{"kind":"ObjectField","name":{"kind":"Name","value":"subscriberId"},"value":{"kind":"StringValue","value":"subscriber-123","block":false}},{"kind":"ObjectField","name":{"kind":"Name","value":"integrationIdentifier"},"value":{"kind":"StringValue","value":"slack-prod","block":false}},{"kind":"ObjectField","name":{"kind":"Name","value":"connectionIdentifier"},"value":{"kind":"StringValue","value":"slack-prod-user123-abc4","block":false}},{"kind":"ObjectField","name":{"kind":"Name","value":"context"},"value":{"kind":"ListValue","values":[{"kind":"ObjectValue","fields":[{"kind":"ObjectField","name":{"kind":"Name","value":"type"},"value":{"kind":"StringValue","value":"key","block":false}},{"kind":"ObjectField","name":{"kind":"Name","value":"id"},"value":{"kind":"StringValue","value":"org-acme","block":false}}]}]}},{"kind":"ObjectField","name":{"kind":"Name","value":"address"},"value":{"kind":"ObjectValue","fields":[{"kind":"ObjectField","name":{"kind":"Name","value":"slackUser"},"value":{"kind":"ObjectValue","fields":[{"kind":"ObjectField","name":{"kind":"Name","value":"userId"},"value":{"kind":"StringValue","value":"U123456","block":false}}]}}]}}]}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"channelEndpoint"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"identifier"}},{"kind":"Field","name":{"kind":"Name","value":"type"}},{"kind":"Field","name":{"kind":"Name","value":"address"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"SlackUserEndpointAddress"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"userId"}}]}}]}}]}},{"kind":"Field","name":{"kind":"Name","value":"idempotency"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"key"}},{"kind":"Field","name":{"kind":"Name","value":"replayed"}}]}},{"kind":"Field","name":{"kind":"Name","value":"userErrors"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"code"}},{"kind":"Field","name":{"kind":"Name","value":"message"}},{"kind":"Field","name":{"kind":"Name","value":"path"}}]}}]}}]}}]} as unknown as DocumentNode<CreateChannelEndpointMutation, CreateChannelEndpointMutationVariables>;
export const UpdateChannelEndpointDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"mutation","name":{"kind":"Name","value":"UpdateChannelEndpoint"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"updateChannelEndpoint"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"identifier"},"value":{"kind":"StringValue","value":"slack-user-ada","block":false}},{"kind":"Argument","name":{"kind":"Name","value":"idempotencyKey"},"value":{"kind":"StringValue","value":"move-ada-1","block":false}},{"kind":"Argument","name":{"kind":"Name","value":"input"},"value":{"kind":"ObjectValue","fields":[{"kind":"ObjectField","name":{"kind":"Name","value":"address"},"value":{"kind":"ObjectValue","fields":[{"kind":"ObjectField","name":{"kind":"Name","value":"slackUser"},"value":{"kind":"ObjectValue","fields":[{"kind":"ObjectField","name":{"kind":"Name","value":"userId"},"value":{"kind":"StringValue","value":"U654321","block":false}}]}}]}}]}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"channelEndpoint"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"identifier"}},{"kind":"Field","name":{"kind":"Name","value":"address"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"SlackUserEndpointAddress"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"userId"}}]}}]}},{"kind":"Field","name":{"kind":"Name","value":"updatedAt"}}]}},{"kind":"Field","name":{"kind":"Name","value":"userErrors"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"code"}},{"kind":"Field","name":{"kind":"Name","value":"message"}},{"kind":"Field","name":{"kind":"Name","value":"path"}}]}}]}}]}}]} as unknown as DocumentNode<UpdateChannelEndpointMutation, UpdateChannelEndpointMutationVariables>;
export const ChannelEndpointDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"query","name":{"kind":"Name","value":"ChannelEndpoint"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"channelEndpoint"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"identifier"},"value":{"kind":"StringValue","value":"slack-user-ada","block":false}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"identifier"}},{"kind":"Field","name":{"kind":"Name","value":"type"}},{"kind":"Field","name":{"kind":"Name","value":"connection"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"identifier"}},{"kind":"Field","name":{"kind":"Name","value":"workspace"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"name"}}]}}]}},{"kind":"Field","name":{"kind":"Name","value":"subscriber"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"subscriberId"}}]}}]}}]}}]} as unknown as DocumentNode<ChannelEndpointQuery, ChannelEndpointQueryVariables>;
export const ChannelEndpointsDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"query","name":{"kind":"Name","value":"ChannelEndpoints"},"variableDefinitions":[{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"after"}},"type":{"kind":"NamedType","name":{"kind":"Name","value":"String"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"channelEndpoints"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"first"},"value":{"kind":"IntValue","value":"10"}},{"kind":"Argument","name":{"kind":"Name","value":"after"},"value":{"kind":"Variable","name":{"kind":"Name","value":"after"}}},{"kind":"Argument","name":{"kind":"Name","value":"filter"},"value":{"kind":"ObjectValue","fields":[{"kind":"ObjectField","name":{"kind":"Name","value":"subscriberId"},"value":{"kind":"StringValue","value":"subscriber-123","block":false}}]}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"nodes"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"identifier"}},{"kind":"Field","name":{"kind":"Name","value":"provider"}},{"kind":"Field","name":{"kind":"Name","value":"type"}},{"kind":"Field","name":{"kind":"Name","value":"address"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"__typename"}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"SlackUserEndpointAddress"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"userId"}}]}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"SlackChannelEndpointAddress"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"channelId"}}]}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"WebhookEndpointAddress"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"channel"}}]}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"PhoneEndpointAddress"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"phoneNumber"}}]}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"UnrecognizedEndpointAddress"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"type"}},{"kind":"Field","name":{"kind":"Name","value":"fieldNames"}}]}}]}}]}},{"kind":"Field","name":{"kind":"Name","value":"pageInfo"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"hasNextPage"}},{"kind":"Field","name":{"kind":"Name","value":"endCursor"}}]}},{"kind":"Field","name":{"kind":"Name","value":"totalCount"}}]}}]}}]} as unknown as DocumentNode<ChannelEndpointsQuery, ChannelEndpointsQueryVariables>;
export const EndpointsOfConnectionDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"query","name":{"kind":"Name","value":"EndpointsOfConnection"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"channelConnection"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"identifier"},"value":{"kind":"StringValue","value":"slack-prod-user123-abc4","block":false}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"identifier"}},{"kind":"Field","name":{"kind":"Name","value":"endpoints"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"first"},"value":{"kind":"IntValue","value":"10"}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"nodes"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"identifier"}},{"kind":"Field","name":{"kind":"Name","value":"type"}}]}},{"kind":"Field","name":{"kind":"Name","value":"totalCount"}}]}}]}}]}}]} as unknown as DocumentNode<EndpointsOfConnectionQuery, EndpointsOfConnectionQueryVariables>;
export const SubscriberOfEndpointDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"query","name":{"kind":"Name","value":"SubscriberOfEndpoint"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"channelEndpoint"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"identifier"},"value":{"kind":"StringValue","value":"slack-user-ada","block":false}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"subscriber"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"subscriberId"}},{"kind":"Field","name":{"kind":"Name","value":"channelConnections"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"totalCount"}}]}},{"kind":"Field","name":{"kind":"Name","value":"channelEndpoints"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"filter"},"value":{"kind":"ObjectValue","fields":[{"kind":"ObjectField","name":{"kind":"Name","value":"channel"},"value":{"kind":"EnumValue","value":"CHAT"}}]}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"nodes"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"identifier"}}]}}]}}]}}]}}]}}]} as unknown as DocumentNode<SubscriberOfEndpointQuery, SubscriberOfEndpointQueryVariables>;
export const DeleteChannelEndpointDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"mutation","name":{"kind":"Name","value":"DeleteChannelEndpoint"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"deleteChannelEndpoint"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"identifier"},"value":{"kind":"StringValue","value":"slack-user-ada","block":false}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"deletedIdentifier"}},{"kind":"Field","name":{"kind":"Name","value":"userErrors"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"code"}},{"kind":"Field","name":{"kind":"Name","value":"message"}}]}}]}}]}}]} as unknown as DocumentNode<DeleteChannelEndpointMutation, DeleteChannelEndpointMutationVariables>;
export const CreateContextDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"mutation","name":{"kind":"Name","value":"CreateContext"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"createContext"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"idempotencyKey"},"value":{"kind":"StringValue","value":"create-tenant-globex","block":false}},{"kind":"Argument","name":{"kind":"Name","value":"input"},"value":{"kind":"ObjectValue","fields":[{"kind":"ObjectField","name":{"kind":"Name","value":"type"},"value":{"kind":"StringValue","value":"tenant","block":false}},{"kind":"ObjectField","name":{"kind":"Name","value":"id"},"value":{"kind":"StringValue","value":"globex","block":false}},{"kind":"ObjectField","name":{"kind":"Name","value":"data"},"value":{"kind":"ObjectValue","fields":[{"kind":"ObjectField","name":{"kind":"Name","value":"name"},"value":{"kind":"StringValue","value":"Globex","block":false}},{"kind":"ObjectField","name":{"kind":"Name","value":"plan"},"value":{"kind":"StringValue","value":"pro","block":false}}]}}]}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"context"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"type"}},{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"data"}},{"kind":"Field","name":{"kind":"Name","value":"createdAt"}}]}},{"kind":"Field","name":{"kind":"Name","value":"idempotency"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"key"}},{"kind":"Field","name":{"kind":"Name","value":"replayed"}}]}},{"kind":"Field","name":{"kind":"Name","value":"userErrors"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"code"}},{"kind":"Field","name":{"kind":"Name","value":"message"}},{"kind":"Field","name":{"kind":"Name","value":"path"}}]}}]}}]}}]} as unknown as DocumentNode<CreateContextMutation, CreateContextMutationVariables>;
export const UpdateContextDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"mutation","name":{"kind":"Name","value":"UpdateContext"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"updateContext"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"type"},"value":{"kind":"StringValue","value":"tenant","block":false}},{"kind":"Argument","name":{"kind":"Name","value":"id"},"value":{"kind":"StringValue","value":"globex","block":false}},{"kind":"Argument","name":{"kind":"Name","value":"input"},"value":{"kind":"ObjectValue","fields":[{"kind":"ObjectField","name":{"kind":"Name","value":"data"},"value":{"kind":"ObjectValue","fields":[{"kind":"ObjectField","name":{"kind":"Name","value":"name"},"value":{"kind":"StringValue","value":"Globex Corporation","block":false}}]}}]}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"context"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"type"}},{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"data"}},{"kind":"Field","name":{"kind":"Name","value":"updatedAt"}}]}},{"kind":"Field","name":{"kind":"Name","value":"userErrors"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"code"}},{"kind":"Field","name":{"kind":"Name","value":"message"}},{"kind":"Field","name":{"kind":"Name","value":"path"}}]}}]}}]}}]} as unknown as DocumentNode<UpdateContextMutation, UpdateContextMutationVariables>;
export const ContextDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"query","name":{"kind":"Name","value":"Context"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"context"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"type"},"value":{"kind":"StringValue","value":"tenant","block":false}},{"kind":"Argument","name":{"kind":"Name","value":"id"},"value":{"kind":"StringValue","value":"globex","block":false}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"type"}},{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"data"}}]}}]}}]} as unknown as DocumentNode<ContextQuery, ContextQueryVariables>;
export const ContextsDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"query","name":{"kind":"Name","value":"Contexts"},"variableDefinitions":[{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"after"}},"type":{"kind":"NamedType","name":{"kind":"Name","value":"String"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"contexts"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"first"},"value":{"kind":"IntValue","value":"10"}},{"kind":"Argument","name":{"kind":"Name","value":"after"},"value":{"kind":"Variable","name":{"kind":"Name","value":"after"}}},{"kind":"Argument","name":{"kind":"Name","value":"filter"},"value":{"kind":"ObjectValue","fields":[{"kind":"ObjectField","name":{"kind":"Name","value":"type"},"value":{"kind":"StringValue","value":"tenant","block":false}}]}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"nodes"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"type"}},{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"data"}},{"kind":"Field","name":{"kind":"Name","value":"createdAt"}}]}},{"kind":"Field","name":{"kind":"Name","value":"pageInfo"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"hasNextPage"}},{"kind":"Field","name":{"kind":"Name","value":"endCursor"}}]}},{"kind":"Field","name":{"kind":"Name","value":"totalCount"}}]}}]}}]} as unknown as DocumentNode<ContextsQuery, ContextsQueryVariables>;
export const ContextsOfConnectionDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"query","name":{"kind":"Name","value":"ContextsOfConnection"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"channelConnection"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"identifier"},"value":{"kind":"StringValue","value":"slack-prod-user123-abc4","block":false}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"identifier"}},{"kind":"Field","name":{"kind":"Name","value":"contexts"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"type"}},{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"data"}}]}}]}}]}}]} as unknown as DocumentNode<ContextsOfConnectionQuery, ContextsOfConnectionQueryVariables>;
export const DeleteContextDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"mutation","name":{"kind":"Name","value":"DeleteContext"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"deleteContext"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"type"},"value":{"kind":"StringValue","value":"tenant","block":false}},{"kind":"Argument","name":{"kind":"Name","value":"id"},"value":{"kind":"StringValue","value":"globex","block":false}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"deletedIdentifier"}},{"kind":"Field","name":{"kind":"Name","value":"userErrors"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"code"}},{"kind":"Field","name":{"kind":"Name","value":"message"}},{"kind":"Field","name":{"kind":"Name","value":"path"}}]}}]}}]}}]} as unknown as DocumentNode<DeleteContextMutation, DeleteContextMutationVariables>;
export const IntegrationsDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"query","name":{"kind":"Name","value":"Integrations"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"integrations"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"activeOnly"},"value":{"kind":"BooleanValue","value":true}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"identifier"}},{"kind":"Field","name":{"kind":"Name","value":"name"}},{"kind":"Field","name":{"kind":"Name","value":"provider"}},{"kind":"Field","name":{"kind":"Name","value":"channel"}},{"kind":"Field","name":{"kind":"Name","value":"active"}},{"kind":"Field","name":{"kind":"Name","value":"primary"}}]}}]}}]} as unknown as DocumentNode<IntegrationsQuery, IntegrationsQueryVariables>;
export const IntegrationsOfConnectionsDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"query","name":{"kind":"Name","value":"IntegrationsOfConnections"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"channelConnections"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"first"},"value":{"kind":"IntValue","value":"100"}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"nodes"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"identifier"}},{"kind":"Field","name":{"kind":"Name","value":"integration"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"name"}},{"kind":"Field","name":{"kind":"Name","value":"active"}}]}}]}}]}}]}}]} as unknown as DocumentNode<IntegrationsOfConnectionsQuery, IntegrationsOfConnectionsQueryVariables>;
export const GenerateConnectOAuthUrlDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"mutation","name":{"kind":"Name","value":"GenerateConnectOAuthUrl"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"generateConnectOAuthUrl"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"input"},"value":{"kind":"ObjectValue","fields":[{"kind":"ObjectField","name":{"kind":"Name","value":"integrationIdentifier"},"value":{"kind":"StringValue","value":"slack-prod","block":false}},{"kind":"ObjectField","name":{"kind":"Name","value":"subscriberId"},"value":{"kind":"StringValue","value":"subscriber-123","block":false}},{"kind":"ObjectField","name":{"kind":"Name","value":"connectionMode"},"value":{"kind":"EnumValue","value":"SUBSCRIBER"}},{"kind":"ObjectField","name":{"kind":"Name","value":"scope"},"value":{"kind":"ListValue","values":[{"kind":"StringValue","value":"chat:write","block":false},{"kind":"StringValue","value":"channels:read","block":false}]}}]}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"url"}},{"kind":"Field","name":{"kind":"Name","value":"expiresAt"}},{"kind":"Field","name":{"kind":"Name","value":"userErrors"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"code"}},{"kind":"Field","name":{"kind":"Name","value":"message"}},{"kind":"Field","name":{"kind":"Name","value":"path"}}]}}]}}]}}]} as unknown as DocumentNode<GenerateConnectOAuthUrlMutation, GenerateConnectOAuthUrlMutationVariables>;
export const GenerateLinkUserOAuthUrlDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"mutation","name":{"kind":"Name","value":"GenerateLinkUserOAuthUrl"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"generateLinkUserOAuthUrl"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"input"},"value":{"kind":"ObjectValue","fields":[{"kind":"ObjectField","name":{"kind":"Name","value":"integrationIdentifier"},"value":{"kind":"StringValue","value":"slack-prod","block":false}},{"kind":"ObjectField","name":{"kind":"Name","value":"subscriberId"},"value":{"kind":"StringValue","value":"subscriber-123","block":false}}]}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"url"}},{"kind":"Field","name":{"kind":"Name","value":"expiresAt"}},{"kind":"Field","name":{"kind":"Name","value":"userErrors"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"code"}},{"kind":"Field","name":{"kind":"Name","value":"message"}},{"kind":"Field","name":{"kind":"Name","value":"path"}}]}}]}}]}}]} as unknown as DocumentNode<GenerateLinkUserOAuthUrlMutation, GenerateLinkUserOAuthUrlMutationVariables>;
export const LinkChannelEndpointDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"mutation","name":{"kind":"Name","value":"LinkChannelEndpoint"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"linkChannelEndpoint"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"input"},"value":{"kind":"ObjectValue","fields":[{"kind":"ObjectField","name":{"kind":"Name","value":"integrationIdentifier"},"value":{"kind":"StringValue","value":"telegram-prod","block":false}},{"kind":"ObjectField","name":{"kind":"Name","value":"subscriberId"},"value":{"kind":"StringValue","value":"subscriber-123","block":false}}]}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"url"}},{"kind":"Field","name":{"kind":"Name","value":"providerMetadata"}},{"kind":"Field","name":{"kind":"Name","value":"userErrors"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"code"}},{"kind":"Field","name":{"kind":"Name","value":"message"}},{"kind":"Field","name":{"kind":"Name","value":"path"}}]}}]}}]}}]} as unknown as DocumentNode<LinkChannelEndpointMutation, LinkChannelEndpointMutationVariables>;
export const UpsertSubscriberDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"mutation","name":{"kind":"Name","value":"UpsertSubscriber"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"upsertSubscriber"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"idempotencyKey"},"value":{"kind":"StringValue","value":"upsert-ada-1","block":false}},{"kind":"Argument","name":{"kind":"Name","value":"input"},"value":{"kind":"ObjectValue","fields":[{"kind":"ObjectField","name":{"kind":"Name","value":"subscriberId"},"value":{"kind":"StringValue","value":"subscriber-ada","block":false}},{"kind":"ObjectField","name":{"kind":"Name","value":"firstName"},"value":{"kind":"StringValue","value":"Ada","block":false}},{"kind":"ObjectField","name":{"kind":"Name","value":"lastName"},"value":{"kind":"StringValue","value":"Lovelace","block":false}},{"kind":"ObjectField","name":{"kind":"Name","value":"email"},"value":{"kind":"StringValue","value":"ada@example.com","block":false}},{"kind":"ObjectField","name":{"kind":"Name","value":"locale"},"value":{"kind":"StringValue","value":"en_GB","block":false}},{"kind":"ObjectField","name":{"kind":"Name","value":"timezone"},"value":{"kind":"StringValue","value":"Europe/London","block":false}},{"kind":"ObjectField","name":{"kind":"Name","value":"data"},"value":{"kind":"ObjectValue","fields":[{"kind":"ObjectField","name":{"kind":"Name","value":"plan"},"value":{"kind":"StringValue","value":"pro","block":false}}]}}]}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"subscriber"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"subscriberId"}},{"kind":"Field","name":{"kind":"Name","value":"firstName"}},{"kind":"Field","name":{"kind":"Name","value":"data"}},{"kind":"Field","name":{"kind":"Name","value":"createdAt"}}]}},{"kind":"Field","name":{"kind":"Name","value":"idempotency"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"key"}},{"kind":"Field","name":{"kind":"Name","value":"replayed"}}]}},{"kind":"Field","name":{"kind":"Name","value":"userErrors"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"code"}},{"kind":"Field","name":{"kind":"Name","value":"message"}},{"kind":"Field","name":{"kind":"Name","value":"path"}}]}}]}}]}}]} as unknown as DocumentNode<UpsertSubscriberMutation, UpsertSubscriberMutationVariables>;
export const UpdateSubscriberDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"mutation","name":{"kind":"Name","value":"UpdateSubscriber"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"updateSubscriber"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"subscriberId"},"value":{"kind":"StringValue","value":"subscriber-ada","block":false}},{"kind":"Argument","name":{"kind":"Name","value":"input"},"value":{"kind":"ObjectValue","fields":[{"kind":"ObjectField","name":{"kind":"Name","value":"phone"},"value":{"kind":"StringValue","value":"+442079460000","block":false}},{"kind":"ObjectField","name":{"kind":"Name","value":"locale"},"value":{"kind":"NullValue"}}]}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"subscriber"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"subscriberId"}},{"kind":"Field","name":{"kind":"Name","value":"phone"}},{"kind":"Field","name":{"kind":"Name","value":"locale"}}]}},{"kind":"Field","name":{"kind":"Name","value":"userErrors"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"code"}},{"kind":"Field","name":{"kind":"Name","value":"message"}},{"kind":"Field","name":{"kind":"Name","value":"path"}}]}}]}}]}}]} as unknown as DocumentNode<UpdateSubscriberMutation, UpdateSubscriberMutationVariables>;
export const SubscriberDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"query","name":{"kind":"Name","value":"Subscriber"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"subscriber"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"subscriberId"},"value":{"kind":"StringValue","value":"subscriber-ada","block":false}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"subscriberId"}},{"kind":"Field","name":{"kind":"Name","value":"firstName"}},{"kind":"Field","name":{"kind":"Name","value":"lastName"}},{"kind":"Field","name":{"kind":"Name","value":"email"}},{"kind":"Field","name":{"kind":"Name","value":"phone"}},{"kind":"Field","name":{"kind":"Name","value":"avatar"}},{"kind":"Field","name":{"kind":"Name","value":"locale"}},{"kind":"Field","name":{"kind":"Name","value":"timezone"}},{"kind":"Field","name":{"kind":"Name","value":"data"}},{"kind":"Field","name":{"kind":"Name","value":"createdAt"}},{"kind":"Field","name":{"kind":"Name","value":"channelEndpoints"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"first"},"value":{"kind":"IntValue","value":"10"}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"nodes"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"identifier"}},{"kind":"Field","name":{"kind":"Name","value":"type"}}]}}]}}]}}]}}]} as unknown as DocumentNode<SubscriberQuery, SubscriberQueryVariables>;
export const SubscribersDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"query","name":{"kind":"Name","value":"Subscribers"},"variableDefinitions":[{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"after"}},"type":{"kind":"NamedType","name":{"kind":"Name","value":"String"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"subscribers"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"first"},"value":{"kind":"IntValue","value":"10"}},{"kind":"Argument","name":{"kind":"Name","value":"after"},"value":{"kind":"Variable","name":{"kind":"Name","value":"after"}}},{"kind":"Argument","name":{"kind":"Name","value":"filter"},"value":{"kind":"ObjectValue","fields":[{"kind":"ObjectField","name":{"kind":"Name","value":"email"},"value":{"kind":"StringValue","value":"ada@example.com","block":false}}]}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"nodes"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"subscriberId"}},{"kind":"Field","name":{"kind":"Name","value":"firstName"}},{"kind":"Field","name":{"kind":"Name","value":"lastName"}}]}},{"kind":"Field","name":{"kind":"Name","value":"pageInfo"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"hasNextPage"}},{"kind":"Field","name":{"kind":"Name","value":"endCursor"}}]}},{"kind":"Field","name":{"kind":"Name","value":"totalCount"}}]}}]}}]} as unknown as DocumentNode<SubscribersQuery, SubscribersQueryVariables>;
export const DeleteSubscriberDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"mutation","name":{"kind":"Name","value":"DeleteSubscriber"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"deleteSubscriber"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"subscriberId"},"value":{"kind":"StringValue","value":"subscriber-ada","block":false}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"deletedIdentifier"}},{"kind":"Field","name":{"kind":"Name","value":"userErrors"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"code"}},{"kind":"Field","name":{"kind":"Name","value":"message"}},{"kind":"Field","name":{"kind":"Name","value":"path"}}]}}]}}]}}]} as unknown as DocumentNode<DeleteSubscriberMutation, DeleteSubscriberMutationVariables>;