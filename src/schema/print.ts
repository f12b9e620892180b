import { readFileSync, writeFileSync } from 'node:fs';
import {
  type ConstDirectiveNode,
  type ConstValueNode,
  type DocumentNode,
  type FieldDefinitionNode,
  type GraphQLObjectType,
  isObjectType,
  Kind,
  visit,
} from 'graphql';
import type { Scope } from '../callers/caller.ts';
import { fieldPolicy, scopeOfType } from '../graphql/policy.ts';
import { schema } from './schema.ts';
import { printSorted, toClientDocument, toSubgraphDocument } from './sdl.ts';

export type PrintOptions = {
  /**
   * Writes what the gateway enforces as @authenticated and @requiresScopes, for routers that enforce it too. Apollo
   * Router refuses a supergraph that holds them unless it has a licence. @default false
   */
  access?: boolean;
};

/** The subgraph's SDL, sorted: what schema/schema.graphql holds and what a federated graph composes. */
export function printSchema({ access = false }: PrintOptions = {}): string {
  const document = toSubgraphDocument(schema);
  return printSorted(access ? withAccess(document) : document);
}

/** The schema without anything of federation: what schema/client.graphql holds, for clients' compilers and editors. */
export const printClientSchema = (): string => printSorted(toClientDocument(schema));

const roots: ReadonlySet<string> = new Set(['Query', 'Mutation']);

function withAccess(document: DocumentNode): DocumentNode {
  return visit(document, {
    ObjectTypeDefinition(node) {
      const type = schema.getType(node.name.value);
      if (!isObjectType(type)) return undefined;
      return {
        ...node,
        directives: [...(node.directives ?? []), ...requires(scopeOfType(type))],
        fields: node.fields?.map((field) => withFieldAccess(type, field)),
      };
    },
    // The @link that names what else is taken from the federation specification.
    ListValue: {
      leave: (list, _key, parent) =>
        parent !== undefined && 'name' in parent && parent.name?.value === 'import'
          ? { ...list, values: [...list.values, text('@authenticated'), text('@requiresScopes')] }
          : undefined,
    },
  });
}

function withFieldAccess(type: GraphQLObjectType, node: FieldDefinitionNode): FieldDefinitionNode {
  const field = type.getFields()[node.name.value];
  const scope = field === undefined ? undefined : fieldPolicy(field)?.scope;
  // On the fields of the root types and not on the types: those belong to the whole graph.
  const authenticated = roots.has(type.name) ? [directive('authenticated')] : [];
  return { ...node, directives: [...(node.directives ?? []), ...authenticated, ...requires(scope)] };
}

function requires(scope: Scope | undefined): ConstDirectiveNode[] {
  return scope === undefined ? [] : [directive('requiresScopes', { scopes: list(list(text(scope))) })];
}

const name = (value: string) => ({ kind: Kind.NAME, value }) as const;
const text = (value: string): ConstValueNode => ({ kind: Kind.STRING, value });
const list = (...values: ConstValueNode[]): ConstValueNode => ({ kind: Kind.LIST, values });
const directive = (of: string, args: Record<string, ConstValueNode> = {}): ConstDirectiveNode => ({
  kind: Kind.DIRECTIVE,
  name: name(of),
  arguments: Object.entries(args).map(([key, value]) => ({
    kind: Kind.ARGUMENT,
    name: name(key),
    value,
  })),
});

// `npm run schema` writes the files; with --check it only says whether a file is what the code makes; without a file
// the schema goes to stdout. --access says who may what (`npm run schema:access`), --client leaves federation out.
if (import.meta.main) {
  const file = process.argv.slice(2).find((argument) => !argument.startsWith('--'));
  const printed = process.argv.includes('--client')
    ? printClientSchema()
    : printSchema({ access: process.argv.includes('--access') });
  if (file === undefined) process.stdout.write(printed);
  else if (!process.argv.includes('--check')) writeFileSync(file, printed);
  else if (readFileSync(file, 'utf8') !== printed) {
    console.error(`${file} is not what the code makes: run \`npm run schema\` and look at the difference.`);
    process.exitCode = 1;
  }
}
