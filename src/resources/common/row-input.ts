import { z } from 'zod';

const wellFormed = (value: string) => value.isWellFormed();
export const anyText = z.string().refine(wellFormed, 'must be valid Unicode');

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
export const optionalText = anyText.nullish();

/** Novu's connectionMode, and how it spells it. */
export const connectionMode = z.enum(['SUBSCRIBER', 'SHARED']);
export const fromConnectionMode = (mode: z.output<typeof connectionMode>): 'subscriber' | 'shared' =>
  mode === 'SHARED' ? 'shared' : 'subscriber';

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
