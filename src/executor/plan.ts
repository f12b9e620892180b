import {
  type FieldNode,
  type GraphQLField,
  type GraphQLFieldResolver,
  type GraphQLObjectType,
  SchemaMetaFieldDef,
  TypeMetaFieldDef,
  TypeNameMetaFieldDef,
} from 'graphql';
import { type ArgumentsPlan, planArguments } from './arguments.ts';
import { type Collected, collectFields } from './collect.ts';
import type { Variables } from './literal.ts';
import type { Operation } from './operation.ts';
import { Kinds, planType, type TypePlan } from './output-type.ts';

/** A field of the response: all nodes that ask for it below one key, on one object type. */
export class FieldPlan {
  readonly key: string;
  readonly nodes: readonly FieldNode[];
  readonly definition: GraphQLField<unknown, unknown>;
  readonly parentType: GraphQLObjectType;
  readonly type: TypePlan;
  readonly isLeaf: boolean;
  readonly isTypename: boolean;
  readonly arguments: ArgumentsPlan | undefined;
  /** The key in JSON as the first of an object, and as a later one. */
  readonly first: string;
  readonly later: string;
  /** The resolver that was called last, and how many of its arguments it can look at. */
  resolver: GraphQLFieldResolver<unknown, unknown> | undefined = undefined;
  parameters = Number.POSITIVE_INFINITY;
  /** The selections below, by object type; filled as values of these types come. */
  readonly objects = new Map<GraphQLObjectType, ObjectPlan>();
  /** The selections below by the name that a type resolver gave, which was found valid. */
  readonly resolved = new Map<string, ObjectPlan>();
  /** The one of `objects` that was used last: most fields have one type. */
  lastObject: ObjectPlan | undefined = undefined;

  constructor(
    key: string,
    nodes: readonly FieldNode[],
    node: FieldNode,
    definition: GraphQLField<unknown, unknown>,
    parentType: GraphQLObjectType,
  ) {
    this.key = key;
    this.nodes = nodes;
    this.definition = definition;
    this.parentType = parentType;
    this.type = planType(definition.type);
    this.isLeaf = this.type.kind === Kinds.leaf;
    this.isTypename = definition === TypeNameMetaFieldDef;
    this.arguments = planArguments(definition, node);
    this.first = `{${JSON.stringify(key)}:`;
    this.later = `,${JSON.stringify(key)}:`;
  }
}

/** What an operation asks of an object type at one place. */
export type ObjectPlan = {
  readonly type: GraphQLObjectType;
  readonly fields: readonly FieldPlan[];
};

/** The fields that an operation asks of its root type. */
export function planRoot(operation: Operation, variables: Variables, type: GraphQLObjectType): ObjectPlan {
  const { selectionSet } = operation.definition;
  return planObject(operation, type, collectFields(operation, variables, type, [selectionSet]));
}

/**
 * The fields that an operation asks of an object type below a field, collected once.
 *
 * @throws GraphQLError when a condition of `@skip` or `@include` has no value.
 */
export function planBelow(
  operation: Operation,
  variables: Variables,
  field: FieldPlan,
  type: GraphQLObjectType,
): ObjectPlan {
  if (field.lastObject?.type === type) return field.lastObject;
  let plan = field.objects.get(type);
  if (plan === undefined) {
    const selectionSets = field.nodes.flatMap(({ selectionSet }) => selectionSet ?? []);
    plan = planObject(operation, type, collectFields(operation, variables, type, selectionSets));
    field.objects.set(type, plan);
  }
  field.lastObject = plan;
  return plan;
}

function planObject(operation: Operation, type: GraphQLObjectType, collected: Collected): ObjectPlan {
  const fields: FieldPlan[] = [];
  for (const [key, nodes] of collected) {
    const [node] = nodes;
    const definition = node && findDefinition(operation, type, node.name.value);
    if (node && definition) fields.push(new FieldPlan(key, nodes, node, definition, type));
  }
  return { type, fields };
}

function findDefinition(
  { schema }: Operation,
  type: GraphQLObjectType,
  name: string,
): GraphQLField<unknown, unknown> | undefined {
  if (name === TypeNameMetaFieldDef.name) return TypeNameMetaFieldDef;
  if (schema.getQueryType() === type) {
    if (name === SchemaMetaFieldDef.name) return SchemaMetaFieldDef;
    if (name === TypeMetaFieldDef.name) return TypeMetaFieldDef;
  }
  return type.getFields()[name];
}
