import SchemaBuilder, {
  BasePlugin,
  type FieldNullability,
  type InputFieldMap,
  type PothosOutputFieldConfig,
  type PothosTypeConfig,
  type SchemaTypes,
  type TypeParam,
} from '@pothos/core';
import type { GraphQLSchema } from 'graphql';
import { enforcePolicies, type FieldPolicy, type TypePolicy } from './policy.ts';

declare global {
  export namespace PothosSchemaTypes {
    interface Plugins<Types extends SchemaTypes> {
      novu: PolicyPlugin<Types>;
    }

    interface ObjectTypeOptions<Types extends SchemaTypes = SchemaTypes, Shape = unknown> {
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
    > {
      /** What a caller needs for the field, and what it asks Novu for. */
      novu?: FieldPolicy<ParentShape>;
    }
  }
}

/** What a router that plans by cost learns of a field that asks Novu; a page holds as many rows as are asked for. */
const costs = {
  one: [{ name: 'cost', args: { weight: 10 } }],
  page: [
    { name: 'cost', args: { weight: 10 } },
    {
      name: 'listSize',
      args: {
        assumedSize: 10,
        slicingArguments: ['first', 'last'],
        sizedFields: ['edges', 'nodes'],
        requireOneSlicingArgument: false,
      },
    },
  ],
  nothing: [],
} satisfies Record<FieldPolicy['asks'], unknown>;

const name = 'novu';

/**
 * Takes the option `novu` of types and fields: writes it into the schema as `extensions.novu`, derives @cost and
 * @listSize from it, and makes the fields check their scopes.
 */
class PolicyPlugin<Types extends SchemaTypes> extends BasePlugin<Types> {
  override onTypeConfig(config: PothosTypeConfig): PothosTypeConfig {
    const policy = config.kind === 'Object' ? config.pothosOptions.novu : undefined;
    return policy === undefined ? config : { ...config, extensions: { ...config.extensions, novu: policy } };
  }

  override onOutputFieldConfig(config: PothosOutputFieldConfig<Types>): PothosOutputFieldConfig<Types> {
    const policy = config.pothosOptions.novu;
    if (policy === undefined) return config;
    const directives = costs[policy.asks];
    return { ...config, extensions: { ...config.extensions, novu: policy, directives } };
  }

  override afterBuild(schema: GraphQLSchema): GraphQLSchema {
    enforcePolicies(schema);
    return schema;
  }
}

SchemaBuilder.registerPlugin(name, PolicyPlugin);

export default name;
