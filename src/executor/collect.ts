import {
  type FieldNode,
  type FragmentDefinitionNode,
  type GraphQLObjectType,
  type InlineFragmentNode,
  isAbstractType,
  Kind,
  type SelectionSetNode,
  typeFromAST,
} from 'graphql';
import { isIncluded } from './conditions.ts';
import type { Variables } from './literal.ts';
import type { Operation } from './operation.ts';

/** The fields of a selection by response key, in the order of the response. */
export type Collected = Map<string, FieldNode[]>;

/**
 * Collects the fields of selection sets for an object type (GraphQL specification, 6.3.2).
 *
 * @throws GraphQLError when a condition of `@skip` or `@include` has no value.
 */
export function collectFields(
  operation: Operation,
  variables: Variables,
  type: GraphQLObjectType,
  selectionSets: Iterable<SelectionSetNode>,
): Collected {
  const collected: Collected = new Map();
  const visited = new Set<string>();
  for (const selectionSet of selectionSets) collect(selectionSet);
  return collected;

  function collect({ selections }: SelectionSetNode): void {
    for (const selection of selections) {
      switch (selection.kind) {
        case Kind.FIELD: {
          if (isIncluded(selection, variables)) add(selection);
          break;
        }
        case Kind.INLINE_FRAGMENT: {
          if (isIncluded(selection, variables) && applies(operation, selection, type)) {
            collect(selection.selectionSet);
          }
          break;
        }
        case Kind.FRAGMENT_SPREAD: {
          const name = selection.name.value;
          if (visited.has(name) || !isIncluded(selection, variables)) break;
          visited.add(name);
          const fragment = operation.fragments[name];
          if (fragment !== undefined && applies(operation, fragment, type)) collect(fragment.selectionSet);
          break;
        }
      }
    }
  }

  function add(field: FieldNode): void {
    const key = (field.alias ?? field.name).value;
    const fields = collected.get(key);
    if (fields === undefined) collected.set(key, [field]);
    else fields.push(field);
  }
}

function applies(
  { schema }: Operation,
  { typeCondition }: FragmentDefinitionNode | InlineFragmentNode,
  type: GraphQLObjectType,
): boolean {
  if (typeCondition === undefined) return true;
  const condition = typeFromAST(schema, typeCondition);
  return condition === type || (isAbstractType(condition) && schema.isSubType(condition, type));
}
