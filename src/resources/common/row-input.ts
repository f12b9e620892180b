import { z } from 'zod';
import type { SpanningRule } from '../../graphql/define-input.ts';
import { choice } from '../../graphql/input-fields.ts';
import { ChannelConnectionMode } from './channel-types.ts';

/** Novu sets no rule on identifiers; what no URL or header could carry is refused. */
export const identifier = z
  .string()
  .min(1, 'must not be empty')
  .max(1024, 'must have at most 1024 characters')
  .refine((value) => value.isWellFormed(), 'must be valid Unicode')
  .refine((value) => value !== '.' && value !== '..', 'must not be a dot or two');

/** The modes of a connection as Novu spells them. */
export const connectionModes = { SUBSCRIBER: 'subscriber', SHARED: 'shared' } as const;

export const connectionMode = choice(ChannelConnectionMode, connectionModes, {
  description: 'Whether it is for one subscriber or for all subscribers of its contexts.',
});

/** Novu's rules of connectionMode, for inputs that have these three fields. */
export const checkMode: SpanningRule = ({ subscriberId, context, connectionMode }, fault) => {
  if (connectionMode === 'SHARED' && context == null)
    fault('is required when connectionMode is SHARED', 'context');
  if (connectionMode === 'SUBSCRIBER' && subscriberId == null)
    fault('is required when connectionMode is SUBSCRIBER', 'subscriberId');
  if (connectionMode == null && subscriberId == null && context == null)
    fault('needs a subscriberId or a context');
};
