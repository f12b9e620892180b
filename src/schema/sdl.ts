import { printSubgraphSchema } from '@apollo/subgraph';
import {
  type ASTNode,
  type ConstDirectiveNode,
  type DocumentNode,
  type GraphQLSchema,
  isInputObjectType,
  Kind,
  parse,
  print,
  visit,
} from 'graphql';

const oneOf: ConstDirectiveNode = { kind: Kind.DIRECTIVE, name: { kind: Kind.NAME, value: 'oneOf' } };
/** Composition refuses a directive that is not defined, though this one is GraphQL's own (September 2025). */
const oneOfDefinition = parse('directive @oneOf on INPUT_OBJECT').definitions;

/** The subgraph as a document, with the @oneOf that the federation printer leaves out. */
export function toSubgraphDocument(schema: GraphQLSchema): DocumentNode {
  let found = false;
  const document = visit(parse(printSubgraphSchema(schema)), {
    InputObjectTypeDefinition(node) {
      const type = schema.getType(node.name.value);
      if (!isInputObjectType(type) || !type.isOneOf) return undefined;
      found = true;
      return { ...node, directives: [...(node.directives ?? []), oneOf] };
    },
  });
  return found ? { ...document, definitions: [...document.definitions, ...oneOfDefinition] } : document;
}

/** Sorted as a document: the federation printer keeps the order in which fields were added. */
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
