// Holds our types against those of Novu's official SDK. Most of it is checked by the compiler (`npm run types`); the
// bodies are made of the shapes that the inputs of the schema are made of, so that what holds of one holds of both:
// a release of @novu/api that adds, renames or retypes a field of one of these operations makes it fail here.
import { readFileSync } from 'node:fs';
import type {
  CreateGrafanaOnCallIntegrationEndpointDto,
  CreateLineUserEndpointDto,
  CreateMsTeamsChannelEndpointDto,
  CreateMsTeamsUserEndpointDto,
  CreateOpsgenieIntegrationEndpointDto,
  CreatePagerDutyServiceEndpointDto,
  CreatePhoneEndpointDto,
  CreateSlackChannelEndpointDto,
  CreateSlackUserEndpointDto,
  CreateTelegramChatEndpointDto,
  CreateToolWebhookEndpointDto,
  CreateWebexPersonEndpointDto,
  CreateWebexRoomEndpointDto,
  CreateWebhookEndpointDto,
} from '@novu/api/models/components/index.js';
import type {
  AuthDto,
  CreateChannelConnectionRequestDto,
  CreateContextRequestDto,
  CreateSubscriberRequestDto,
  GenerateChatOAuthUrlResponseDto,
  GenerateConnectOauthUrlRequestDto,
  GenerateLinkUserOauthUrlRequestDto,
  GetChannelConnectionResponseDto,
  GetChannelEndpointResponseDto,
  GetContextResponseDto,
  IntegrationResponseDto,
  LinkChannelEndpointRequestDto,
  LinkChannelEndpointResponseDto,
  ListChannelConnectionsResponseDto,
  ListChannelEndpointsResponseDto,
  UpdateChannelConnectionRequestDto,
  PatchSubscriberRequestDto,
  SubscriberResponseDto,
  UpdateChannelEndpointRequestDto,
  UpdateContextRequestDto,
  WorkspaceDto,
} from '@novu/api/models/components/index.js';
import {
  ChannelTypeEnum,
  GetChannelEndpointResponseDtoType,
  ProvidersIdEnum,
} from '@novu/api/models/components/index.js';
import type {
  ChannelConnectionsControllerListChannelConnectionsRequest,
  ChannelEndpointsControllerCreateChannelEndpointRequestBody,
  ChannelEndpointsControllerListChannelEndpointsRequest,
} from '@novu/api/models/operations/index.js';
import {
  type GraphQLEnumType,
  type GraphQLInputObjectType,
  type GraphQLObjectType,
  getNamedType,
} from 'graphql';
import { describe, expect, it } from 'vitest';
import { printProviders } from '../scripts/generate-providers.ts';
import { schema } from '../src/schema/schema.ts';
import type { ListQuery as ConnectionQuery } from '../src/resources/channel-connections/api.ts';
import type {
  CreateChannelConnectionBody,
  UpdateChannelConnectionBody,
} from '../src/resources/channel-connections/input.ts';
import type { ChannelConnection } from '../src/resources/channel-connections/wire.ts';
import type { ListQuery as EndpointQuery } from '../src/resources/channel-endpoints/api.ts';
import type {
  CreateChannelEndpointBody,
  UpdateChannelEndpointBody,
} from '../src/resources/channel-endpoints/input.ts';
import type { AddressBody, EndpointBodies, EndpointType } from '../src/resources/channel-endpoints/kinds.ts';
import type { ChannelEndpoint } from '../src/resources/channel-endpoints/wire.ts';
import type { ContextMap } from '../src/resources/common/contexts.ts';
import type {
  ConnectOAuthBody,
  LinkChannelEndpointBody,
  LinkUserOAuthBody,
} from '../src/resources/integrations/input.ts';
import type { CreateContextBody, UpdateContextBody } from '../src/resources/contexts/input.ts';
import type { Context } from '../src/resources/contexts/wire.ts';
import type { UpdateSubscriberBody, UpsertSubscriberBody } from '../src/resources/subscribers/input.ts';
import type { Subscriber } from '../src/resources/subscribers/wire.ts';
import type { Integration, Link } from '../src/resources/integrations/wire.ts';
import type { Page } from '../src/upstream/envelope.ts';

type Equal<A, B> = [A] extends [B] ? ([B] extends [A] ? true : false) : false;

/** The SDK writes `?: T | undefined` where we write `?: T`: what is left is each field, whether it may be absent, and its type. */
type Fields<T> = T extends readonly (infer Item)[]
  ? Fields<Item>[]
  : T extends object
    ? {
        [K in keyof T]-?: [
          Partial<Pick<T, K>> extends Pick<T, K> ? 'optional' : 'required',
          Fields<Exclude<T[K], undefined>>,
        ];
      }
    : T;

/** Takes `true` alone, and only where the two types have the same fields. */
const same = <A, B>(isSame: Equal<Fields<A>, Fields<B>>): boolean => isSame;
/** The same names, whatever the types: for what is read tolerantly. */
const sameNames = <A, B>(isSame: Equal<keyof A, keyof B>): boolean => isSame;

/** Of the context map the SDK types `data` as optional and any: compared by itself below. */
type Sent<T> = Omit<T, 'context'>;
type SdkContext = Exclude<CreateChannelConnectionRequestDto['context'], undefined>;

const sameContext = <T extends { context?: unknown }>(
  isSame: Equal<Fields<Exclude<T['context'], undefined>>, Fields<SdkContext>>,
): boolean => isSame;

/** Lets nothing through but exactly the fields of T, so that the list below grows with the SDK. */
const fieldsOf = <T>(fields: Record<keyof T, true>): string[] => Object.keys(fields);

describe('what we send', () => {
  it('is what the SDK sends, field for field', () => {
    expect([
      same<Sent<CreateChannelConnectionBody>, Sent<CreateChannelConnectionRequestDto>>(true),
      same<UpdateChannelConnectionBody, UpdateChannelConnectionRequestDto>(true),
      same<CreateChannelConnectionBody['workspace'], WorkspaceDto>(true),
      same<CreateChannelConnectionBody['auth'], AuthDto>(true),
      same<Sent<ConnectOAuthBody>, Sent<GenerateConnectOauthUrlRequestDto>>(true),
      same<Sent<LinkUserOAuthBody>, Sent<GenerateLinkUserOauthUrlRequestDto>>(true),
      same<Sent<LinkChannelEndpointBody>, Sent<LinkChannelEndpointRequestDto>>(true),
      sameNames<UpdateChannelEndpointBody, UpdateChannelEndpointRequestDto>(true),
      sameNames<UpsertSubscriberBody, CreateSubscriberRequestDto>(true),
      sameNames<UpdateSubscriberBody, PatchSubscriberRequestDto>(true),
      same<Omit<UpsertSubscriberBody, 'data'>, Omit<CreateSubscriberRequestDto, 'data'>>(true),
      same<Omit<UpdateSubscriberBody, 'data'>, Omit<PatchSubscriberRequestDto, 'data'>>(true),
      // The URL that agents call is not for callers: whoever sets it has Novu send requests there.
      sameNames<CreateContextBody, Omit<CreateContextRequestDto, 'bridgeUrl'>>(true),
      sameNames<UpdateContextBody, Omit<UpdateContextRequestDto, 'bridgeUrl'>>(true),
    ]).not.toContain(false);
  });

  it('has the context where the SDK has it, in its form', () => {
    const sent = { tenant: 'acme', region: { id: 'eu', data: { any: 'thing' } } } satisfies ContextMap;
    const context: SdkContext = sent;
    expect(context).toBe(sent);
    expect([
      sameContext<ChannelEndpointsControllerCreateChannelEndpointRequestBody>(true),
      sameContext<GenerateConnectOauthUrlRequestDto>(true),
      sameContext<GenerateLinkUserOauthUrlRequestDto>(true),
      sameContext<LinkChannelEndpointRequestDto>(true),
      sameNames<Exclude<ContextMap[string], string>, Exclude<SdkContext[string], string>>(true),
    ]).not.toContain(false);
  });

  it('asks lists for what the SDK can ask for', () => {
    // A cursor is exclusive here, always.
    expect([
      sameNames<
        ConnectionQuery,
        Omit<ChannelConnectionsControllerListChannelConnectionsRequest, 'includeCursor' | 'idempotencyKey'>
      >(true),
      sameNames<
        EndpointQuery,
        Omit<ChannelEndpointsControllerListChannelEndpointsRequest, 'includeCursor' | 'idempotencyKey'>
      >(true),
    ]).not.toContain(false);
  });
});

type EndpointDtos = {
  slack_channel: CreateSlackChannelEndpointDto;
  slack_user: CreateSlackUserEndpointDto;
  webhook: CreateWebhookEndpointDto;
  phone: CreatePhoneEndpointDto;
  ms_teams_channel: CreateMsTeamsChannelEndpointDto;
  ms_teams_user: CreateMsTeamsUserEndpointDto;
  telegram_chat: CreateTelegramChatEndpointDto;
  webex_room: CreateWebexRoomEndpointDto;
  webex_person: CreateWebexPersonEndpointDto;
  line_user: CreateLineUserEndpointDto;
  pagerduty_service: CreatePagerDutyServiceEndpointDto;
  opsgenie_integration: CreateOpsgenieIntegrationEndpointDto;
  grafana_oncall_integration: CreateGrafanaOnCallIntegrationEndpointDto;
  tool_webhook: CreateToolWebhookEndpointDto;
};
/** The SDK types the headers of a tool webhook as `{}`. */
type Headless<T> = T extends { headers?: unknown } ? Omit<T, 'headers'> & { headers?: string } : T;
type Common<T> = Omit<T, 'type' | 'endpoint' | 'context'>;

describe('endpoints', () => {
  it('have the types of the SDK, all of them', () => {
    expect([
      same<EndpointType, GetChannelEndpointResponseDtoType>(true),
      same<EndpointType, ChannelEndpointsControllerCreateChannelEndpointRequestBody['type']>(true),
      same<AddressBody['type'], EndpointType>(true),
    ]).not.toContain(false);
    const values = schema.getType('ChannelEndpointType') as GraphQLEnumType;
    expect(
      values
        .getValues()
        .map(({ name }) => name)
        .toSorted(),
    ).toEqual(
      [
        ...Object.values(GetChannelEndpointResponseDtoType).map((type) => type.toUpperCase()),
        'UNRECOGNIZED',
      ].toSorted(),
    );
  });

  it('have in each type the fields of the SDK, and the same beside the address', () => {
    type PerType = {
      [T in EndpointType]: [
        Equal<Fields<Headless<EndpointBodies[T]>>, Fields<Headless<EndpointDtos[T]['endpoint']>>>,
        Equal<Fields<Common<CreateChannelEndpointBody>>, Fields<Common<EndpointDtos[T]>>>,
      ];
    };
    const yes: [true, true] = [true, true];
    const perType: PerType = {
      slack_channel: yes,
      slack_user: yes,
      webhook: yes,
      phone: yes,
      ms_teams_channel: yes,
      ms_teams_user: yes,
      telegram_chat: yes,
      webex_room: yes,
      webex_person: yes,
      line_user: yes,
      pagerduty_service: yes,
      opsgenie_integration: yes,
      grafana_oncall_integration: yes,
      tool_webhook: yes,
    };
    expect(Object.values(perType).flat()).not.toContain(false);
    expect(Object.keys(perType).toSorted()).toEqual(
      Object.values(GetChannelEndpointResponseDtoType).toSorted(),
    );
  });
});

describe('what we read', () => {
  it('are the fields of the SDK', () => {
    expect([
      sameNames<Omit<ChannelConnection, '__typename'>, GetChannelConnectionResponseDto>(true),
      sameNames<NonNullable<ChannelConnection['workspace']>, WorkspaceDto>(true),
      // Of the tokens it is said whether they are there; see the schema for who may read one.
      sameNames<
        Omit<ChannelConnection['auth'], 'hasAccessToken' | 'hasRefreshToken'>,
        Omit<AuthDto, 'refreshToken'>
      >(true),
      sameNames<
        Omit<ChannelEndpoint, '__typename' | 'address'> & { endpoint: unknown },
        GetChannelEndpointResponseDto
      >(true),
      sameNames<Omit<Link, 'expiresAt' | 'mode'>, LinkChannelEndpointResponseDto>(true),
      sameNames<Pick<Link, 'url'>, GenerateChatOAuthUrlResponseDto>(true),
      sameNames<Omit<Page<unknown>, 'items'> & { data: unknown }, ListChannelConnectionsResponseDto>(true),
      sameNames<Omit<Page<unknown>, 'items'> & { data: unknown }, ListChannelEndpointsResponseDto>(true),
    ]).not.toContain(false);
  });

  it('of a subscriber or a context is what it shows', () => {
    type LeftOut =
      | 'id'
      | 'channels'
      | 'topics'
      | 'isOnline'
      | 'lastOnlineAt'
      | 'v'
      | 'environmentId'
      | 'organizationId'
      | 'deleted';
    type OfWrites = '__typename' | 'identifier' | 'contextKeys';
    expect([
      sameNames<Omit<Subscriber, OfWrites>, Omit<SubscriberResponseDto, LeftOut>>(true),
      sameNames<Omit<Context, OfWrites | 'subscriberId'>, Omit<GetContextResponseDto, 'bridgeUrl'>>(true),
    ]).not.toContain(false);
  });

  it('of an integration is what it shows; the rest is left where it is', () => {
    type LeftOut =
      | 'id'
      | 'environmentId'
      | 'organizationId'
      | 'kind'
      | 'credentials'
      | 'configurations'
      | 'deletedAt'
      | 'deletedBy'
      | 'conditions';
    expect([
      sameNames<Omit<Integration, '__typename'>, Omit<IntegrationResponseDto, LeftOut | 'deleted'>>(true),
    ]).not.toContain(false);
  });
});

const inputFields = (name: string) => (schema.getType(name) as GraphQLInputObjectType).getFields();
const namesOf = (name: string) => Object.keys(inputFields(name)).toSorted();

describe('the inputs of the schema', () => {
  it.each<[string, string[]]>([
    [
      'ChannelConnectionFilter',
      fieldsOf<Omit<ChannelConnectionsControllerListChannelConnectionsRequest, Paging>>({
        subscriberId: true,
        connectionMode: true,
        channel: true,
        providerId: true,
        integrationIdentifier: true,
        contextKeys: true,
      }),
    ],
    [
      'ChannelEndpointFilter',
      fieldsOf<Omit<ChannelEndpointsControllerListChannelEndpointsRequest, Paging>>({
        subscriberId: true,
        channel: true,
        providerId: true,
        integrationIdentifier: true,
        connectionIdentifier: true,
        contextKeys: true,
      }),
    ],
  ])('%s has the fields of the SDK', (name, fields) => {
    expect(namesOf(name)).toEqual(fields.toSorted());
  });

  it.each([
    ['ChannelConnectionAuthInput', ['accessToken', 'refreshToken']],
    ['WebhookEndpointAddressInput', ['url']],
    ['PagerDutyServiceEndpointAddressInput', ['routingKey']],
    ['OpsgenieIntegrationEndpointAddressInput', ['apiKey']],
    ['GrafanaOnCallIntegrationEndpointAddressInput', ['authToken', 'url']],
    ['ToolWebhookEndpointAddressInput', ['url']],
    ['ChannelWebhookHeaderInput', ['value']],
    ['GenerateConnectOAuthUrlInput', ['contextHash']],
    ['GenerateLinkUserOAuthUrlInput', ['contextHash']],
    ['LinkChannelEndpointInput', ['contextHash']],
  ])('of %s take these as secrets: %j', (name, secrets) => {
    const secret = Object.values(inputFields(name)).filter(
      ({ type }) => getNamedType(type).name === 'NovuSecret',
    );
    expect(secret.map((field) => field.name).toSorted()).toEqual(secrets);
  });
});

type Paging =
  | 'after'
  | 'before'
  | 'limit'
  | 'orderDirection'
  | 'orderBy'
  | 'includeCursor'
  | 'idempotencyKey';

describe('the objects of the schema', () => {
  const ownFields = (name: string) => Object.keys((schema.getType(name) as GraphQLObjectType).getFields());

  it.each<[string, string[]]>([
    [
      'ChannelConnection',
      fieldsOf<GetChannelConnectionResponseDto>({
        identifier: true,
        channel: true,
        providerId: true,
        integrationIdentifier: true,
        subscriberId: true,
        contextKeys: true,
        workspace: true,
        auth: true,
        createdAt: true,
        updatedAt: true,
      }),
    ],
    ['ChannelWorkspace', fieldsOf<WorkspaceDto>({ id: true, name: true, botUserId: true })],
    [
      'ChannelEndpoint',
      [
        'address',
        ...fieldsOf<Omit<GetChannelEndpointResponseDto, 'endpoint'>>({
          identifier: true,
          channel: true,
          providerId: true,
          integrationIdentifier: true,
          connectionIdentifier: true,
          subscriberId: true,
          contextKeys: true,
          type: true,
          createdAt: true,
          updatedAt: true,
        }),
      ],
    ],
    ['Integration', ['name', 'identifier', 'providerId', 'channel', 'active', 'primary']],
    [
      'LinkChannelEndpointPayload',
      fieldsOf<LinkChannelEndpointResponseDto>({ url: true, providerMetadata: true }),
    ],
    ['ChannelOAuthUrlPayload', fieldsOf<GenerateChatOAuthUrlResponseDto>({ url: true })],
  ])('%s shows the fields of the SDK', (name, fields) => {
    expect(ownFields(name)).toEqual(expect.arrayContaining(fields));
  });
});

describe('the enums of the schema', () => {
  const valuesOf = (name: string) =>
    (schema.getType(name) as GraphQLEnumType).getValues().map((value) => value.name);

  it('have the channels of the SDK', () => {
    expect(valuesOf('NovuChannelType').toSorted()).toEqual(
      [...Object.values(ChannelTypeEnum).map((channel) => channel.toUpperCase()), 'UNRECOGNIZED'].toSorted(),
    );
  });

  it('have the providers of the SDK, as `npm run providers` writes them', () => {
    const ids = Object.values(ProvidersIdEnum);
    const file = new URL('../src/resources/common/providers.ts', import.meta.url);
    expect(readFileSync(file, 'utf8')).toBe(printProviders(ids));
    expect(valuesOf('NovuProvider')).toHaveLength(ids.length + 1);
  });
});
