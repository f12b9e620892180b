import { z } from 'zod';
import { contextEntries, toContextMap } from '../contexts/types.ts';
import type {
  AuthBody,
  CreateChannelConnectionBody,
  UpdateChannelConnectionBody,
  WorkspaceBody,
} from './wire.ts';

const wellFormed = (value: string) => value.isWellFormed();
/** Novu sets no rule on identifiers; what no URL or header could carry is refused. */
export const identifier = z
  .string()
  .min(1, 'must not be empty')
  .max(1024, 'must have at most 1024 characters')
  .refine(wellFormed, 'must be valid Unicode')
  .refine((value) => value !== '.' && value !== '..', 'must not be a dot or two');
export const requiredText = z
  .string()
  .min(1, 'must not be empty')
  .refine(wellFormed, 'must be valid Unicode');
const optionalText = z.string().refine(wellFormed, 'must be valid Unicode').nullish();

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

/** Novu's rules of connectionMode, for inputs that have these three fields. */
export function checkMode(
  input: {
    subscriberId?: string | null | undefined;
    context?: readonly unknown[] | null | undefined;
    connectionMode?: 'SUBSCRIBER' | 'SHARED' | null | undefined;
  },
  ctx: z.core.$RefinementCtx,
): void {
  const fault = (message: string, ...path: string[]) =>
    ctx.addIssue({ code: 'custom', message, path, input });
  if (input.connectionMode === 'SHARED' && input.context == null)
    fault('is required when connectionMode is SHARED', 'context');
  if (input.connectionMode === 'SUBSCRIBER' && input.subscriberId == null)
    fault('is required when connectionMode is SUBSCRIBER', 'subscriberId');
  if (input.connectionMode == null && input.subscriberId == null && input.context == null)
    fault('needs a subscriberId or a context');
}

const connectionMode = z.enum(['SUBSCRIBER', 'SHARED']);

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
    ...(input.connectionMode != null && {
      connectionMode: input.connectionMode === 'SHARED' ? 'shared' : 'subscriber',
    }),
    integrationIdentifier: input.integrationIdentifier,
    workspace: input.workspace,
    auth: input.auth,
  }),
);

export const updateBody = z
  .object({ workspace, auth })
  .transform((input): UpdateChannelConnectionBody => input);
