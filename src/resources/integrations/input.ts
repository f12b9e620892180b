import { z } from 'zod';
import {
  checkMode,
  connectionMode,
  fromConnectionMode,
  identifier,
  requiredText,
} from '../common/row-input.ts';
import { contextEntries, toContextMap } from '../common/contexts.ts';
import type { ConnectOAuthBody, LinkChannelEndpointBody, LinkUserOAuthBody } from './wire.ts';

const common = {
  integrationIdentifier: requiredText,
  context: contextEntries.nullish(),
  contextHash: requiredText.nullish(),
};
const scopes = z.array(requiredText).max(100, 'must hold at most 100 scopes').nullish();

const contextOf = ({
  context,
  contextHash,
}: z.output<z.ZodObject<Pick<typeof common, 'context' | 'contextHash'>>>) => ({
  ...(context != null && { context: toContextMap(context) }),
  ...(contextHash != null && { contextHash }),
});

/** Checks the input by Novu's rules, before Novu is asked. */
export const connectBody = z
  .object({
    ...common,
    subscriberId: requiredText.nullish(),
    connectionIdentifier: identifier.nullish(),
    scope: scopes,
    connectionMode: connectionMode.nullish(),
    autoLinkUser: z.boolean().nullish(),
  })
  .superRefine(checkMode)
  .transform(
    (input): ConnectOAuthBody => ({
      ...(input.subscriberId != null && { subscriberId: input.subscriberId }),
      integrationIdentifier: input.integrationIdentifier,
      ...(input.connectionIdentifier != null && { connectionIdentifier: input.connectionIdentifier }),
      ...contextOf(input),
      ...(input.scope != null && { scope: input.scope }),
      ...(input.connectionMode != null && { connectionMode: fromConnectionMode(input.connectionMode) }),
      ...(input.autoLinkUser != null && { autoLinkUser: input.autoLinkUser }),
    }),
  );

export const linkUserBody = z
  .object({
    ...common,
    subscriberId: requiredText,
    connectionIdentifier: requiredText.nullish(),
    userScope: scopes,
  })
  .transform(
    (input): LinkUserOAuthBody => ({
      subscriberId: input.subscriberId,
      integrationIdentifier: input.integrationIdentifier,
      ...(input.connectionIdentifier != null && { connectionIdentifier: input.connectionIdentifier }),
      ...contextOf(input),
      ...(input.userScope != null && { userScope: input.userScope }),
    }),
  );

export const linkBody = z.object({ ...common, subscriberId: requiredText }).transform(
  (input): LinkChannelEndpointBody => ({
    integrationIdentifier: input.integrationIdentifier,
    subscriberId: input.subscriberId,
    ...contextOf(input),
  }),
);
