import {
  defaultFieldResolver,
  type GraphQLField,
  type GraphQLNamedType,
  type GraphQLObjectType,
  type GraphQLOutputType,
  type GraphQLSchema,
  getNamedType,
  isAbstractType,
  isObjectType,
} from 'graphql';
import { isOwn } from '../callers/access.ts';
import type { Caller, Scope } from '../callers/caller.ts';
import type { Context } from './context.ts';
import { gatewayError } from './errors.ts';

/** What a caller needs for a field, and what the field asks Novu for. */
export type FieldPolicy<Parent = unknown> = {
  /** Needed beside the scope of the type that the field leads to. @default none */
  scope?: Scope;
  /**
   * Novu is asked for one thing, for a page of a list, for the row behind the parent (once for all of its fields that
   * say so), or for nothing.
   */
  asks: 'one' | 'page' | 'row' | 'nothing';
  /**
   * Whether there is a value to protect. Without the scope, the field is null where this says no, and FORBIDDEN
   * where it says yes. @default always: FORBIDDEN whatever the value would be
   */
  when?: (parent: Parent) => boolean;
  /**
   * Of a field that leads to a union or interface: the name of the type of its value, so that the scope of that type
   * alone is needed; null where there is no value. Not beside `scope` or `when`. @default the scopes of all its types are needed
   */
  leadsTo?: (parent: Parent) => string | null;
};

/** What a caller needs for every field that leads to the type. */
export type TypePolicy = { scope: Scope };

/** The policy of a field, as `extensions.novu` of the schema holds it; undefined when it has none. */
export function fieldPolicy({ extensions }: Pick<AnyField, 'extensions'>): FieldPolicy<never> | undefined {
  return extensions['novu'] as FieldPolicy<never> | undefined;
}

/** The scope that a type needs, as `extensions.novu` of the schema holds it; undefined when it needs none. */
export function scopeOfType({ extensions }: Pick<GraphQLNamedType, 'extensions'>): Scope | undefined {
  return (extensions['novu'] as TypePolicy | undefined)?.scope;
}

export const forbidden = (scope: Scope) => gatewayError('FORBIDDEN', `This needs the scope ${scope}.`);

/** Throws FORBIDDEN when an end user names another subscriber, or a context outside their claim. */
export function requireOwn(caller: Caller, named: Parameters<typeof isOwn>[1]): void {
  if (!isOwn(caller, named))
    throw gatewayError(
      'FORBIDDEN',
      'End users can act for themselves alone, and in the contexts of their token.',
    );
}

type AnyField = GraphQLField<unknown, Context>;
type Scopes = ReadonlySet<Scope>;

/** Checks its representations itself, each by the scope of its type. */
const entitiesField = '_entities';

/**
 * Makes the fields of a new schema check their scopes before they are resolved and Novu is asked. A field is
 * left as it is where every way to its parent has checked the scope already. Throws when a field that needs a
 * check, or one of a root type, has no policy.
 */
export function enforcePolicies(schema: GraphQLSchema): void {
  const known = findKnownScopes(schema);
  const roots = new Set([schema.getQueryType(), schema.getMutationType()]);
  for (const owner of objectTypes(schema)) {
    for (const field of fieldsOf(owner)) {
      const missing = [...neededScopes(schema, field)].filter((scope) => !known.get(owner)?.has(scope));
      const policy = fieldPolicy(field);
      if (policy === undefined && (missing.length > 0 || roots.has(owner)))
        throw new TypeError(`${owner.name}.${field.name} has no policy: give it the option \`novu\``);
      if (field.name === entitiesField) continue;
      if (policy?.leadsTo !== undefined) {
        if (policy.scope !== undefined || policy.when !== undefined)
          throw new TypeError(
            `${owner.name}.${field.name} has leadsTo: it takes no scope and no when beside it`,
          );
        field.resolve = guardByType(schema, policy.leadsTo, field.resolve ?? defaultFieldResolver);
        continue;
      }
      for (const scope of missing)
        field.resolve = guard(scope, field.resolve ?? defaultFieldResolver, policy?.when);
    }
  }
}

type Resolve = NonNullable<AnyField['resolve']>;

/**
 * The resolver behind a check of the scope. It has a parameter `info` only where the resolver has one, so that an
 * executor need not make it for nothing.
 */
function guard(scope: Scope, resolve: Resolve, when: FieldPolicy<never>['when']): Resolve {
  const isOpen = (parent: unknown, { caller }: Context): boolean => {
    if (caller.scopes.has(scope)) return true;
    if (when !== undefined && !when(parent as never)) return false;
    throw forbidden(scope);
  };
  if (resolve.length > 3)
    return (parent, args, context, info) =>
      isOpen(parent, context) ? resolve(parent, args, context, info) : null;
  const resolveLean = resolve as (parent: unknown, args: object, context: Context) => unknown;
  return (parent, args, context) => (isOpen(parent, context) ? resolveLean(parent, args, context) : null);
}

/** The resolver behind a check of the scope of the type that its value will have. */
function guardByType(
  schema: GraphQLSchema,
  leadsTo: NonNullable<FieldPolicy<never>['leadsTo']>,
  resolve: Resolve,
): Resolve {
  return (parent, args, context, info) => {
    const name = leadsTo(parent as never);
    if (name === null) return null;
    const scope = scopeOfType(requireType(schema, name));
    if (scope !== undefined && !context.caller.scopes.has(scope)) throw forbidden(scope);
    return resolve(parent, args, context, info);
  };
}

function requireType(schema: GraphQLSchema, name: string): GraphQLNamedType {
  const type = schema.getType(name);
  if (type === undefined) throw new TypeError(`The schema has no type ${name}`);
  return type;
}

/** The scopes that a field needs: its own and that of the type it leads to. */
function neededScopes(schema: GraphQLSchema, field: AnyField, target?: GraphQLObjectType): Scopes {
  const own = fieldPolicy(field)?.scope;
  const types = target === undefined ? targetsOf(schema, field.type) : [target];
  return new Set([own, ...types.map(scopeOfType)].filter((scope) => scope !== undefined));
}

/** For every object type the scopes that all ways to it check: a caller who gets such an object has them. */
function findKnownScopes(schema: GraphQLSchema): ReadonlyMap<GraphQLObjectType, Scopes> {
  const known = new Map<GraphQLObjectType, Scopes>();
  const enter = (type: GraphQLObjectType, scopes: Scopes): void => {
    const before = known.get(type);
    const now = before === undefined ? scopes : new Set([...before].filter((scope) => scopes.has(scope)));
    if (before !== undefined && now.size === before.size) return;
    known.set(type, now);
    for (const field of fieldsOf(type))
      for (const target of targetsOf(schema, field.type))
        enter(target, new Set([...now, ...neededScopes(schema, field, target)]));
  };
  for (const root of [schema.getQueryType(), schema.getMutationType()]) if (root) enter(root, new Set());
  return known;
}

/** The object types that a field may lead to. */
function targetsOf(schema: GraphQLSchema, type: GraphQLOutputType): readonly GraphQLObjectType[] {
  const named = getNamedType(type);
  if (isObjectType(named)) return [named];
  return isAbstractType(named) ? schema.getPossibleTypes(named) : [];
}

const objectTypes = (schema: GraphQLSchema): readonly GraphQLObjectType[] =>
  Object.values(schema.getTypeMap())
    .filter(isObjectType)
    .filter(({ name }) => !name.startsWith('__'));

const fieldsOf = (type: GraphQLNamedType): readonly AnyField[] =>
  isObjectType(type) ? Object.values(type.getFields()) : [];
