import { z } from 'zod';
import {
  checkMode,
  connectionMode,
  fromConnectionMode,
  identifier,
  optionalText,
  requiredText,
} from '../common/row-input.ts';
import { contextEntries, toContextMap } from '../common/contexts.ts';
import type {
  AuthBody,
  CreateChannelConnectionBody,
  UpdateChannelConnectionBody,
  WorkspaceBody,
} from './wire.ts';

const workspace = z.object({ id: requiredText, name: optionalText, botUserId: optionalText }).transform(
  ({ id, name, botUserId }): WorkspaceBody => ({
    id,
    ...(name != null && { name }),
    ...(botUserId != null && { botUserId }),
  }),
);

const auth = z
  .object({
    accessToken: requiredText,
    refreshToken: optionalText,
    expiresAt: z.date().nullish(),
    refreshTokenExpiresAt: z.date().nullish(),
  })
  .transform(
    ({ accessToken, refreshToken, expiresAt, refreshTokenExpiresAt }): AuthBody => ({
      accessToken,
      ...(refreshToken != null && { refreshToken }),
      ...(expiresAt != null && { expiresAt: expiresAt.toISOString() }),
      ...(refreshTokenExpiresAt != null && { refreshTokenExpiresAt: refreshTokenExpiresAt.toISOString() }),
    }),
  );

const create = z
  .object({
    identifier: identifier.nullish(),
    subscriberId: requiredText.nullish(),
    context: contextEntries.nullish(),
    connectionMode: connectionMode.nullish(),
    integrationIdentifier: requiredText,
    workspace,
    auth,
  })
  .superRefine(checkMode);

/** Checks the input by Novu's rules, before Novu is asked. */
export const createBody = create.transform(
  (input): CreateChannelConnectionBody => ({
    ...(input.identifier != null && { identifier: input.identifier }),
    ...(input.subscriberId != null && { subscriberId: input.subscriberId }),
    ...(input.context != null && { context: toContextMap(input.context) }),
    ...(input.connectionMode != null && { connectionMode: fromConnectionMode(input.connectionMode) }),
    integrationIdentifier: input.integrationIdentifier,
    workspace: input.workspace,
    auth: input.auth,
  }),
);

export const updateBody = z
  .object({ workspace, auth })
  .transform((input): UpdateChannelConnectionBody => input);
