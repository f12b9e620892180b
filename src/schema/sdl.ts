import {
  type ASTNode,
  type ConstDirectiveNode,
  type DefinitionNode,
  type DocumentNode,
  type FieldDefinitionNode,
  type GraphQLSchema,
  isInputObjectType,
  isObjectType,
  Kind,
  type ObjectTypeDefinitionNode,
  parse,
  parseConstValue,
  print,
  printSchema,
  visit,
} from 'graphql';
import { type Directive, directivesOf } from '../graphql/directives.ts';

/** Every subgraph has them and no SDL holds them: routers add them themselves. */
const ofFederation = new Set(['_Any', '_Entity', '_Service', '_entities', '_service']);
const isPrinted = (node: ASTNode) =>
  !('name' in node && node.name !== undefined && ofFederation.has(node.name.value));

/** Composition and older tools refuse a directive that is not defined, though this one is GraphQL's own (September 2025). */
const oneOf = parse('directive @oneOf on INPUT_OBJECT').definitions;

/** The subgraph as a document: what graphql-js prints, and the directives of the schema, its types and their fields. */
export function toSubgraphDocument(schema: GraphQLSchema): DocumentNode {
  return {
    kind: Kind.DOCUMENT,
    definitions: [
      { kind: Kind.SCHEMA_EXTENSION, directives: directivesOf(schema).map(toDirectiveNode) },
      ...toClientDocument(schema).definitions.map((node) =>
        node.kind === Kind.OBJECT_TYPE_DEFINITION ? withDirectives(node, schema) : node,
      ),
    ],
  };
}

/** The schema as clients see it, without anything of federation: for their compilers and editors. */
export function toClientDocument(schema: GraphQLSchema): DocumentNode {
  const usesOneOf = Object.values(schema.getTypeMap()).some(
    (type) => isInputObjectType(type) && type.isOneOf,
  );
  const definitions = parse(printSchema(schema)).definitions.filter((node) => isPrinted(node));
  return {
    kind: Kind.DOCUMENT,
    definitions: [...definitions.map((node) => withoutHidden(node)), ...(usesOneOf ? oneOf : [])],
  };
}

const withoutHidden = (node: DefinitionNode): DefinitionNode =>
  node.kind === Kind.OBJECT_TYPE_DEFINITION
    ? { ...node, fields: (node.fields ?? []).filter((field) => isPrinted(field)) }
    : node;

function withDirectives(node: ObjectTypeDefinitionNode, schema: GraphQLSchema): ObjectTypeDefinitionNode {
  const type = schema.getType(node.name.value);
  if (!isObjectType(type)) return node;
  const fields = type.getFields();
  return {
    ...node,
    directives: directivesOf(type).map(toDirectiveNode),
    fields: (node.fields ?? []).map((field): FieldDefinitionNode => {
      const { [field.name.value]: definition } = fields;
      const added = definition === undefined ? [] : directivesOf(definition).map(toDirectiveNode);
      // graphql-js has printed @deprecated.
      return { ...field, directives: [...(field.directives ?? []), ...added] };
    }),
  };
}

function toDirectiveNode({ name, args = {} }: Directive): ConstDirectiveNode {
  return {
    kind: Kind.DIRECTIVE,
    name: { kind: Kind.NAME, value: name },
    arguments: Object.entries(args).map(([argument, value]) => ({
      kind: Kind.ARGUMENT,
      name: { kind: Kind.NAME, value: argument },
      // Strings, numbers, booleans and lists of them are written alike in JSON and in GraphQL.
      value: parseConstValue(JSON.stringify(value)),
    })),
  };
}

/** Sorted as a document, so that a difference between two versions shows what changed. */
export function printSorted(document: DocumentNode): string {
  const sorted: unknown = visit(document, { enter: (node) => sortChildren(node) });
  return `${print(sorted as ASTNode)}\n`;
}

function sortChildren(node: ASTNode): ASTNode {
  const sorted = { ...node } as Record<string, unknown>;
  for (const list of ['definitions', 'fields', 'values', 'arguments', 'types', 'interfaces']) {
    const children = sorted[list];
    if (Array.isArray(children))
      sorted[list] = [...children].sort((one, other) => (nameOf(one) < nameOf(other) ? -1 : 1));
  }
  return sorted as unknown as ASTNode;
}

function nameOf(node: { name?: { value: string } }): string {
  return node.name?.value ?? '';
}
