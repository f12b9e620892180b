import type { GraphQLNamedType, GraphQLSchema } from 'graphql';
import type { Scope } from '../callers/caller.ts';
import { builder, type Ref } from './builder.ts';
import type { Context } from './context.ts';
import { gatewayError } from './errors.ts';
import { forbidden, scopeOfType } from './policy.ts';

type Resolved<T> = Promise<T | null> | T | null;

export type EntityOptions<T> = {
  /** The field by which other subgraphs refer to it, which holds a string. */
  key: keyof T & string;
  /** The row with this key, or null when there is none that the caller may see. */
  resolveReference: (key: string, context: Context) => Resolved<T>;
};

/** Every entity, whatever its rows are. */
type AnyRef = Ref<{ __typename: string }>;
type AnyEntity = EntityOptions<Readonly<Record<string, unknown>>>;

const defined: { ref: AnyRef; entity: AnyEntity }[] = [];

/** Makes a type an entity: other subgraphs refer to it by its key (@key), and routers fetch it by that. */
export function defineEntity<T extends { __typename: string }>(ref: Ref<T>, entity: EntityOptions<T>): void {
  defined.push({ ref, entity });
  const directives = [{ name: 'key', args: { fields: entity.key } }];
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

const prepare = ({ key, resolveReference }: AnyEntity, type: GraphQLNamedType | undefined): Prepared => ({
  key,
  resolveReference,
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
  const key = entity === undefined ? undefined : one[entity.key];
  if (entity === undefined || typeof key !== 'string')
    return gatewayError(
      'BAD_USER_INPUT',
      'A representation must have the __typename of an entity and its key, both strings.',
      { argument: 'representations' },
    );
  if (entity.scope !== undefined && !context.caller.scopes.has(entity.scope)) return forbidden(entity.scope);
  // The key alone: what else stands in a representation is data of another subgraph.
  return entity.resolveReference(key, context);
}
