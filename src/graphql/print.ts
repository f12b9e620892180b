import { readFileSync, writeFileSync } from 'node:fs';
import { printSubgraphSchema } from '@apollo/subgraph';
import { type ASTNode, parse, print, visit } from 'graphql';
import { schema } from './schema.ts';

/** The subgraph's SDL, sorted: what schema/schema.graphql holds and what a federated graph composes. */
export function printSchema(): string {
  // Sorted as a document: the federation printer keeps the order in which fields were added.
  const sorted: unknown = visit(parse(printSubgraphSchema(schema)), { enter: (node) => sortChildren(node) });
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

// `npm run schema` writes the file; with --check it only says whether the file is what the code makes.
if (import.meta.main) {
  const file = process.argv[2] ?? 'schema/schema.graphql';
  if (process.argv.includes('--check')) {
    if (readFileSync(file, 'utf8') !== printSchema()) {
      console.error(`${file} is not what the code makes: run \`npm run schema\` and look at the difference.`);
      process.exitCode = 1;
    }
  } else {
    writeFileSync(file, printSchema());
  }
}
