import type { GraphQLNamedType, GraphQLSchema } from 'graphql';
import type { Scope } from '../callers/caller.ts';
import { builder, type Ref } from './builder.ts';
import type { Context } from './context.ts';
import { gatewayError } from './errors.ts';
import { forbidden, scopeOfType } from './policy.ts';

type Resolved<T> = Promise<T | null> | T | null;

/** The key of an entity: each of its fields holds a string. */
type EntityKey<K extends string> = Readonly<Record<K, string>>;

/** A row, or what stands for one that a reference names and that is gone or not the caller's: its key, all else null. */
export type OrKey<T, K extends keyof T> = Pick<T, K | ('__typename' & keyof T)> & {
  [F in Exclude<keyof T, K | '__typename'>]: T[F] | null;
};

export type EntityOptions<T, K extends keyof T & string> = {
  /** The fields by which other subgraphs refer to it, together. */
  key: readonly K[];
  /** The row with this key, or null when there is none that the caller may see. */
  resolveReference: (key: EntityKey<K>, context: Context) => Resolved<T>;
  /** What a reference to such a row resolves to, so that what other subgraphs know beside it survives. */
  keyAlone: (key: EntityKey<K>) => T;
};

/** Every entity, whatever its rows are. */
type AnyRef = Ref<{ __typename: string }>;
type AnyEntity = EntityOptions<Readonly<Record<string, unknown>>, string>;

const defined: { ref: AnyRef; entity: AnyEntity }[] = [];

/** Makes a type an entity: other subgraphs refer to it by its key (@key), and routers fetch it by that. */
export function defineEntity<T extends { __typename: string }, K extends keyof T & string>(
  ref: Ref<T>,
  entity: EntityOptions<T, K>,
): void {
  defined.push({ ref, entity });
  const directives = [{ name: 'key', args: { fields: entity.key.join(' ') } }];
  ref.updateConfig((config) => ({ ...config, extensions: { ...config.extensions, directives } }));
}

type Prepared = AnyEntity & { scope: Scope | undefined };

const prepared = new WeakMap<GraphQLSchema, ReadonlyMap<unknown, Prepared>>();

/** The entities of a schema by the names of their types. */
function entitiesOf(schema: GraphQLSchema): ReadonlyMap<unknown, Prepared> {
  let entities = prepared.get(schema);
  if (entities === undefined) {
    entities = new Map(
      defined.map(({ ref, entity }) => [ref.name, prepare(entity, schema.getType(ref.name))]),
    );
    prepared.set(schema, entities);
  }
  return entities;
}

const prepare = (entity: AnyEntity, type: GraphQLNamedType | undefined): Prepared => ({
  ...entity,
  scope: type && scopeOfType(type),
});

builder.scalarType('_Any', { serialize: (value) => value });

const EntityUnion = builder.unionType('_Entity', { types: () => defined.map(({ ref }) => ref) });

builder.queryField('_entities', (t) =>
  t.field({
    type: [EntityUnion],
    nullable: { list: false, items: true },
    // Scope and cost are those of each representation.
    novu: { asks: 'nothing' },
    description: 'Objects by their keys, for routers.',
    args: {
      representations: t.arg({
        type: ['_Any'],
        required: true,
        description: 'Each with its __typename and the key of that type.',
      }),
    },
    resolve: (_root, { representations }, context, { schema }) => {
      const entities = entitiesOf(schema);
      return representations.map((one) => resolveEntity(one, entities, context)) as never;
    },
  }),
);

/**
 * One representation (Apollo Federation subgraph specification, "Resolving entity fields"). An error is returned, not
 * thrown, so that it stands at its own index and leaves the others as they are.
 */
function resolveEntity(
  representation: unknown,
  entities: ReadonlyMap<unknown, Prepared>,
  context: Context,
): unknown {
  const one = (representation ?? {}) as Readonly<Record<string, unknown>>;
  const entity = entities.get(one['__typename']);
  const key = entity && readKey(one, entity.key);
  if (entity === undefined || key === undefined)
    return gatewayError(
      'BAD_USER_INPUT',
      'A representation must have the __typename of an entity and its key, both strings.',
      { argument: 'representations' },
    );
  if (entity.scope !== undefined && !context.caller.scopes.has(entity.scope)) return forbidden(entity.scope);
  const found = entity.resolveReference(key, context);
  return found instanceof Promise
    ? found.then((row) => row ?? entity.keyAlone(key))
    : (found ?? entity.keyAlone(key));
}

/** The key alone: what else stands in a representation is data of another subgraph. */
function readKey(
  representation: Readonly<Record<string, unknown>>,
  fields: readonly string[],
): EntityKey<string> | undefined {
  const key: Record<string, string> = {};
  for (const field of fields) {
    const value = representation[field];
    if (typeof value !== 'string') return undefined;
    key[field] = value;
  }
  return key;
}
