import SchemaBuilder, {
  BasePlugin,
  type FieldNullability,
  type InputFieldMap,
  type PothosInterfaceTypeConfig,
  type PothosOutputFieldConfig,
  type PothosTypeConfig,
  type PothosUnionTypeConfig,
  type SchemaTypes,
  type TypeParam,
} from '@pothos/core';
import { defaultTypeResolver, type GraphQLSchema, type GraphQLTypeResolver } from 'graphql';
import type { Directive } from './directives.ts';
import { observeWrites } from './write-facts.ts';
import { enforcePolicies, type FieldPolicy, type TypePolicy } from './policy.ts';

/** Directives of federation that types and fields may have; @key comes with `defineEntity`. */
type FederationOptions = {
  /** @shareable: other subgraphs may resolve it too. @default false */
  shareable?: boolean | undefined;
  /** @inaccessible: only subgraphs see it, not the clients of the router. @default false */
  inaccessible?: boolean | undefined;
  /** @tag, for contracts of a router. @default none */
  tag?: readonly string[] | undefined;
};

declare global {
  export namespace PothosSchemaTypes {
    interface Plugins<Types extends SchemaTypes> {
      novu: NovuPlugin<Types>;
    }

    interface ObjectTypeOptions<Types extends SchemaTypes = SchemaTypes, Shape = unknown>
      extends FederationOptions {
      /** What a caller needs for every field that leads to the type. */
      novu?: TypePolicy;
    }

    interface FieldOptions<
      Types extends SchemaTypes = SchemaTypes,
      ParentShape = unknown,
      Type extends TypeParam<Types> = TypeParam<Types>,
      Nullable extends FieldNullability<Type> = FieldNullability<Type>,
      Args extends InputFieldMap = InputFieldMap,
      ResolveShape = unknown,
      ResolveReturnShape = unknown,
    > extends FederationOptions {
      /** What a caller needs for the field, and what it asks Novu for. */
      novu?: FieldPolicy<ParentShape>;
    }
  }
}

const cost: Directive = { name: 'cost', args: { weight: 10 } };
const sizedFields = ['edges', 'nodes'];

/** What a router that plans by cost learns of a field that asks Novu; a page holds as many rows as are asked for. */
function costsOf(asks: FieldPolicy['asks'], takesArguments: boolean): readonly Directive[] {
  if (asks === 'nothing') return [];
  if (asks === 'one' || asks === 'row') return [cost];
  const slicing = takesArguments
    ? { slicingArguments: ['first', 'last'], sizedFields, requireOneSlicingArgument: false }
    : { sizedFields };
  return [cost, { name: 'listSize', args: { assumedSize: 10, ...slicing } }];
}

const toDirectives = ({ shareable, inaccessible, tag = [] }: FederationOptions): Directive[] => [
  ...(shareable === true ? [{ name: 'shareable' }] : []),
  ...(inaccessible === true ? [{ name: 'inaccessible' }] : []),
  ...tag.map((name) => ({ name: 'tag', args: { name } })),
];

/** The extensions with what was found: `novu` is the policy, `directives` are added to those that are there. */
function extend(
  extensions: object | null | undefined,
  novu: TypePolicy | FieldPolicy<never> | undefined,
  directives: readonly Directive[],
): Record<string, unknown> {
  const { directives: given = [] } = (extensions ?? {}) as { directives?: readonly Directive[] };
  return {
    ...extensions,
    ...(novu !== undefined && { novu }),
    ...(directives.length > 0 && { directives: [...given, ...directives] }),
  };
}

/** Pothos keeps plugins by name for the whole process: each copy of this package in it (two versions) has its own. */
const name = `novu ${import.meta.url}` as 'novu';

/**
 * Takes the options of types and fields above: writes policies into the schema as `extensions.novu` and directives as
 * `extensions.directives`, derives @cost and @listSize, and makes the fields check their scopes.
 */
class NovuPlugin<Types extends SchemaTypes> extends BasePlugin<Types> {
  override onTypeConfig(config: PothosTypeConfig): PothosTypeConfig {
    if (config.kind !== 'Object') return config;
    const { pothosOptions: options } = config;
    return { ...config, extensions: extend(config.extensions, options.novu, toDirectives(options)) };
  }

  override onOutputFieldConfig(config: PothosOutputFieldConfig<Types>): PothosOutputFieldConfig<Types> {
    const { pothosOptions: options } = config;
    const takesArguments = Object.keys(config.args).length > 0;
    const costs = costsOf(options.novu?.asks ?? 'nothing', takesArguments);
    const directives = [...costs, ...toDirectives(options)];
    return { ...config, extensions: extend(config.extensions, options.novu, directives) };
  }

  /** As it was given, without Pothos' wrapper: each `resolveType` here returns a name, and rows have `__typename`. */
  override wrapResolveType(
    _wrapped: GraphQLTypeResolver<unknown, Types['Context']>,
    { resolveType }: PothosInterfaceTypeConfig | PothosUnionTypeConfig,
  ): GraphQLTypeResolver<unknown, Types['Context']> {
    return resolveType ?? defaultTypeResolver;
  }

  override afterBuild(schema: GraphQLSchema): GraphQLSchema {
    observeWrites(schema);
    enforcePolicies(schema);
    return schema;
  }
}

SchemaBuilder.registerPlugin(name, NovuPlugin);

export default name;
