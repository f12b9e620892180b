import { isOwn } from '../../callers/access.ts';
import { idempotencyKeyArg } from '../../graphql/arguments.ts';
import { builder } from '../../graphql/builder.ts';
import { createDeletePayload, createKeyedRowPayload } from '../../graphql/payload.ts';
import { pageArgs } from '../../graphql/relay.ts';
import { resolveCreateKey, resolveKey } from '../../writes/key.ts';
import { ChannelConnection } from '../channel-connections/types.ts';
import { ChannelEndpoint } from '../channel-endpoints/types.ts';
import { deleteRow } from '../common/row-writes.ts';
import { contexts } from './api.ts';
import { CreateContextInput, UpdateContextInput } from './input.ts';
import { listContexts } from './list.ts';
import { createContext, rules, updateContext } from './service.ts';
import { Context, ContextFilter, ContextsConnection, reads, toContexts } from './types.ts';
import { toKey } from './wire.ts';

const description = 'The contexts that it belongs to. Null only for a reference to a row that is gone.';

builder.objectField(ChannelConnection, 'contexts', (t) =>
  t.field({
    type: [Context],
    nullable: { list: true, items: false },
    description,
    resolve: ({ contextKeys }) => toContexts(contextKeys),
  }),
);

builder.objectField(ChannelEndpoint, 'contexts', (t) =>
  t.field({
    type: [Context],
    nullable: { list: true, items: false },
    description,
    resolve: ({ contextKeys }) => toContexts(contextKeys),
  }),
);

type ArgumentBuilder = Parameters<Parameters<typeof builder.queryField>[1]>[0]['arg'];
const keyArgs = (t: ArgumentBuilder) => ({
  type: t.string({ required: true, description: 'The type of the context, for example tenant.' }),
  id: t.id({ required: true, description: 'The id of the context.' }),
});

builder.queryFields((t) => ({
  context: t.field({
    novu: { scope: reads, asks: 'one' },
    type: Context,
    nullable: true,
    description: 'One context, or null when Novu knows none by that key in this environment.',
    args: keyArgs(t.arg),
    // What is not theirs to see is not there for end users, and Novu is not asked for it.
    resolve: (_root, { type, id }, context) =>
      isOwn(context.caller, { contextKeys: [toKey(type, id)] }) ? contexts.find(context, [type, id]) : null,
  }),
  contexts: t.field({
    novu: { asks: 'page' },
    type: ContextsConnection,
    nullable: true,
    description: 'The contexts of the environment, newest first; of end users those of their token.',
    args: {
      ...pageArgs(t.arg),
      filter: t.arg({ type: ContextFilter, description: 'Which contexts.' }),
    },
    resolve: (_root, args, context) => listContexts(context, args),
  }),
}));

const CreateContextPayload = createKeyedRowPayload('CreateContextPayload', 'context', Context);
const UpdateContextPayload = createKeyedRowPayload('UpdateContextPayload', 'context', Context);
const DeleteContextPayload = createDeletePayload('DeleteContextPayload');

const writes = 'contexts:write';

builder.mutationFields((t) => ({
  createContext: t.field({
    novu: { scope: writes, asks: 'one' },
    type: CreateContextPayload,
    nullable: true,
    description: 'Creates a context. For services alone: several subscribers share it.',
    args: {
      input: t.arg({ type: CreateContextInput, required: true, description: 'The context.' }),
      idempotencyKey: idempotencyKeyArg(t.arg),
    },
    resolve: (_root, { input, idempotencyKey }, context, info) =>
      createContext(context, input, resolveCreateKey(idempotencyKey, input, context, info)),
  }),
  updateContext: t.field({
    novu: { scope: writes, asks: 'one' },
    type: UpdateContextPayload,
    nullable: true,
    description: 'Replaces the data of a context. For services alone.',
    args: {
      ...keyArgs(t.arg),
      input: t.arg({ type: UpdateContextInput, required: true, description: 'What is stored instead.' }),
      idempotencyKey: idempotencyKeyArg(t.arg),
    },
    resolve: (_root, { input, idempotencyKey, ...key }, context, info) =>
      updateContext(context, key, input, resolveKey(idempotencyKey, context, info)),
  }),
  deleteContext: t.field({
    novu: { scope: writes, asks: 'one' },
    type: DeleteContextPayload,
    nullable: true,
    description:
      'Deletes a context; `deletedIdentifier` is type:id. What belongs to it keeps its key. For services alone.',
    args: keyArgs(t.arg),
    resolve: (_root, { type, id }, context) => deleteRow(context, contexts, [type, id], rules),
  }),
}));
