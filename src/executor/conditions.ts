import {
  type DirectiveNode,
  GraphQLIncludeDirective,
  GraphQLSkipDirective,
  getDirectiveValues,
  Kind,
  type SelectionNode,
  type SelectionSetNode,
} from 'graphql';
import type { Variables } from './literal.ts';
import type { Operation } from './operation.ts';

/**
 * Whether `@skip` and `@include` let a selection in.
 *
 * @throws GraphQLError when a condition has no value.
 */
export function isIncluded(selection: SelectionNode, variables: Variables): boolean {
  if (selection.directives === undefined || selection.directives.length === 0) return true;
  if (getDirectiveValues(GraphQLSkipDirective, selection, variables)?.['if'] === true) return false;
  return getDirectiveValues(GraphQLIncludeDirective, selection, variables)?.['if'] !== false;
}

/** What there is to know of an operation before it runs. */
export type Traits = {
  /** The names of the variables that decide what is selected. */
  readonly conditions: readonly string[];
  /** Whether a response key is `then`: an object with such a key may act like a promise. */
  readonly hasThen: boolean;
};

/** Reads the operation and all fragments of its document once. */
export function readTraits({ definition, fragments }: Operation): Traits {
  const conditions = new Set<string>();
  let hasThen = false;
  read(definition.selectionSet);
  for (const fragment of Object.values(fragments)) read(fragment.selectionSet);
  return { conditions: [...conditions], hasThen };

  function read(selectionSet: SelectionSetNode): void {
    for (const selection of selectionSet.selections) {
      for (const directive of selection.directives ?? []) readCondition(directive);
      if (selection.kind === Kind.FIELD && (selection.alias ?? selection.name).value === 'then')
        hasThen = true;
      if (selection.kind !== Kind.FRAGMENT_SPREAD && selection.selectionSet) read(selection.selectionSet);
    }
  }

  function readCondition(directive: DirectiveNode): void {
    if (directive.name.value !== 'skip' && directive.name.value !== 'include') return;
    for (const { value } of directive.arguments ?? []) {
      if (value.kind === Kind.VARIABLE) conditions.add(value.name.value);
    }
  }
}

/** Two runs of one operation with the same signature select the same fields. */
export function toSignature(conditions: readonly string[], variables: Variables): string {
  let signature = '';
  for (const name of conditions) {
    signature += toLetter(Object.hasOwn(variables, name) ? variables[name] : undefined);
  }
  return signature;
}

function toLetter(value: unknown): string {
  if (value === true) return 't';
  if (value === false) return 'f';
  // Without a value the condition is an error; any other value, in a document that was not validated, is ignored.
  return value === null || value === undefined ? 'n' : 'o';
}
