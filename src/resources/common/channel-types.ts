import { builder } from '../../graphql/builder.ts';
import { unrecognized } from '../../graphql/unrecognized.ts';
import { providers } from './providers.ts';

const channelTypes = ['in_app', 'email', 'sms', 'chat', 'push', 'tool'] as const;
type ChannelName = 'IN_APP' | 'EMAIL' | 'SMS' | 'CHAT' | 'PUSH' | 'TOOL' | 'UNRECOGNIZED';

export const NovuChannelType = builder.enumType('NovuChannelType', {
  description: 'The kind of channel; UNRECOGNIZED when Novu knows one that this gateway does not.',
  values: ['IN_APP', 'EMAIL', 'SMS', 'CHAT', 'PUSH', 'TOOL', 'UNRECOGNIZED'] as const,
});

const channelNames: ReadonlyMap<string, ChannelName> = new Map(
  channelTypes.map((name) => [name, name.toUpperCase() as ChannelName]),
);

/** Novu's spelling as the enum. */
export function toChannelType(channel: string | null): ChannelName | null {
  return channel === null ? null : (channelNames.get(channel) ?? unrecognized('NovuChannelType'));
}

export const ChannelConnectionMode = builder.enumType('ChannelConnectionMode', {
  values: {
    SUBSCRIBER: { description: 'For one subscriber; needs subscriberId.' },
    SHARED: { description: 'For everybody in a context; needs context, and no subscriber is stored.' },
  } as const,
});

const providerNames: ReadonlyMap<string, string> = new Map(
  Object.entries(providers).map(([name, value]) => [value, name]),
);

export const NovuProvider = builder.enumType('NovuProvider', {
  description: "Novu's providers; UNRECOGNIZED when Novu knows one that this gateway does not.",
  values: [...Object.keys(providers), 'UNRECOGNIZED'],
});

export function toProvider(providerId: string | null): string | null {
  return providerId === null ? null : (providerNames.get(providerId) ?? unrecognized('NovuProvider'));
}
