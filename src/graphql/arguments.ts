import { type BuilderTypes } from './builder.ts';

type ArgumentBuilder = Pick<PothosSchemaTypes.InputFieldBuilder<BuilderTypes, 'Arg'>, 'id' | 'string'>;

/** The argument of a mutation that takes an idempotency key. */
export const idempotencyKeyArg = (t: ArgumentBuilder) =>
  t.string({
    description:
      'Sent to Novu as the idempotency-key header. 1 to 255 visible ASCII characters. Made by the gateway when left out, and returned either way.',
  });

/** The argument by which one row is named. `what` is it, for example `connection`. */
export const identifierArg = (t: ArgumentBuilder, what: string) =>
  t.id({ required: true, description: `The identifier of the ${what}.` });
