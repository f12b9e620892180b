import {
  type DirectiveNode,
  type DocumentNode,
  type FieldNode,
  type FragmentDefinitionNode,
  Kind,
  type OperationDefinitionNode,
  OperationTypeNode,
  type SelectionSetNode,
  type ValueNode,
} from 'graphql';
import { type ErrorCode, gatewayError } from '../graphql/errors.ts';

/** What one request may hold; past it there is a refusal with a code of its own. */
export type Limits = {
  /** Bytes of a request body. */
  bodyBytes: number;
  /** Characters of a document. */
  documentCharacters: number;
  /** Lexical tokens of a document. */
  tokens: number;
  /** Levels of nested selections, introspection apart. */
  depth: number;
  /** Fields of one operation, leaves included, its fragments expanded. */
  fields: number;
  /** Values that an answer may hold by estimate: leaves times the sizes of the lists around them. */
  values: number;
  /** Fields at the root of one mutation. */
  mutations: number;
  /** Directives of one operation, its fragments expanded. */
  directives: number;
  /** Items of one list, and keys of one object, in an input. */
  listItems: number;
  /** Estimated cost of an operation, see docs/security.md. */
  cost: number;
  /** Calls to Novu that one operation may make. */
  novuCalls: number;
  /** Operations in one HTTP request; 1 is no batching. */
  batch: number;
  /** Requests in progress of one caller. */
  callerInFlight: number;
};

/** Operations, fragments and variables that one document defines: some rules of validation compare each with each. */
const maxDefinitions = 50;
/**
 * Fields with the same response name that validation compares two by two, level by level ("Field Selection Merging",
 * GraphQL specification section 5.3.2).
 */
const maxPairs = 6_000;
/** Response names of one field in one selection, fragments expanded: what reads one thing again and again. */
const maxNames = 30;

type Excess = { code: ErrorCode; message: string };

export const refuseExcess = ({ code, message }: Excess) =>
  gatewayError(code, message, { http: { status: 400, spec: true } });

const tooMuch = (code: ErrorCode, what: string, limit: number): Excess => ({
  code,
  message: `A document may have at most ${limit} ${what}.`,
});

export const tooManyCharacters = (limit: number) => tooMuch('TOO_MANY_CHARACTERS', 'characters', limit);
export const tooManyTokens = (limit: number) => tooMuch('TOO_MANY_TOKENS', 'tokens', limit);
export const tooManyItems = (limit: number): Excess => ({
  code: 'TOO_MANY_ITEMS',
  message: `A list or an object in the input may have at most ${limit} items.`,
});
export const tooCostly = (limit: number): Excess => ({
  code: 'TOO_COSTLY',
  message: `An operation may have an estimated cost of at most ${limit}.`,
});
export const tooManyValues = (limit: number): Excess => ({
  code: 'TOO_MANY_VALUES',
  message: `The answer of an operation may have an estimated number of at most ${limit} values.`,
});

/** What a selection holds with its fragments expanded; numbers only, since what they count may be astronomical. */
type Measure = { fields: number; directives: number; depth: number };

const nothing: Measure = { fields: 0, directives: 0, depth: 0 };

/**
 * What is too much in a document, or null; found before validation, whose own rules are not linear. Fragments count as
 * often as they are spread, so that a router that writes fragments in or out changes nothing.
 */
export function findExcess(document: DocumentNode, limits: Limits): Excess | null {
  const fragments = new Map<string, FragmentDefinitionNode>();
  const operations: OperationDefinitionNode[] = [];
  let definitions = document.definitions.length;
  let longest = 0;
  for (const definition of document.definitions) {
    if (definition.kind === Kind.FRAGMENT_DEFINITION) fragments.set(definition.name.value, definition);
    if (definition.kind !== Kind.OPERATION_DEFINITION) continue;
    operations.push(definition);
    definitions += definition.variableDefinitions?.length ?? 0;
    for (const { defaultValue, directives } of definition.variableDefinitions ?? []) {
      if (defaultValue !== undefined) longest = Math.max(longest, itemsOf(defaultValue));
      longest = Math.max(longest, itemsOfDirectives(directives));
    }
  }
  if (definitions > maxDefinitions)
    return tooMuch('TOO_COMPLEX', 'operations, fragments and variables', maxDefinitions);

  const measured = new Map<string, Measure>();
  /** Names that are spread and not defined: validation compares them two by two as well. */
  let unknown = 0;

  function measure(selectionSet: SelectionSetNode): Measure {
    const sum = { fields: 0, directives: 0, depth: 0 };
    for (const selection of selectionSet.selections) {
      sum.directives += selection.directives?.length ?? 0;
      longest = Math.max(longest, itemsOfDirectives(selection.directives));
      if (selection.kind === Kind.FIELD) {
        for (const { value } of selection.arguments ?? []) longest = Math.max(longest, itemsOf(value));
        const below = selection.selectionSet === undefined ? nothing : measure(selection.selectionSet);
        sum.fields += 1 + below.fields;
        sum.directives += below.directives;
        // The introspection query of every tool is deeper than any query of ours.
        sum.depth = Math.max(sum.depth, selection.name.value.startsWith('__') ? 1 : 1 + below.depth);
        continue;
      }
      const inner =
        selection.kind === Kind.INLINE_FRAGMENT
          ? measure(selection.selectionSet)
          : measureFragment(selection.name.value);
      sum.fields += inner.fields;
      sum.directives += inner.directives;
      sum.depth = Math.max(sum.depth, inner.depth);
    }
    return sum;
  }

  function measureFragment(name: string): Measure {
    const known = measured.get(name);
    if (known !== undefined) return known;
    // A fragment that spreads itself is refused by validation; here it must only end.
    measured.set(name, nothing);
    const fragment = fragments.get(name);
    if (fragment === undefined) {
      unknown += 1;
      return nothing;
    }
    const inner = measure(fragment.selectionSet);
    const whole = { ...inner, directives: inner.directives + (fragment.directives?.length ?? 0) };
    // The introspection query's fragments are of the schema's own types.
    if (fragment.typeCondition.name.value.startsWith('__')) whole.depth = Math.min(1, whole.depth);
    measured.set(name, whole);
    return whole;
  }

  const largest = { fields: 0, directives: 0, depth: 0 };
  const take = ({ fields, directives, depth }: Measure) => {
    largest.fields = Math.max(largest.fields, fields);
    largest.directives = Math.max(largest.directives, directives);
    largest.depth = Math.max(largest.depth, depth);
  };
  for (const operation of operations) {
    const own = directivesOf(operation);
    const inner = measure(operation.selectionSet);
    take({ ...inner, directives: inner.directives + own });
  }
  // Fragments that no operation spreads are validated as well.
  for (const name of fragments.keys()) take(measureFragment(name));

  if (unknown > maxDefinitions) return tooMuch('TOO_COMPLEX', 'fragments', maxDefinitions);
  if (longest > limits.listItems) return tooManyItems(limits.listItems);
  if (largest.depth > limits.depth) return tooMuch('TOO_DEEP', 'levels of nested fields', limits.depth);
  if (largest.directives > limits.directives)
    return tooMuch('TOO_MANY_DIRECTIVES', 'directives', limits.directives);
  if (largest.fields > limits.fields)
    return tooMuch('TOO_MANY_FIELDS', 'fields, counted with fragments expanded', limits.fields);

  const count = new PairCount(fragments);
  for (const operation of operations) {
    if (operation.operation === OperationTypeNode.MUTATION) {
      const fields = count.expand([operation.selectionSet]).size;
      if (fields > limits.mutations)
        return tooMuch('TOO_MANY_MUTATIONS', 'fields of a mutation', limits.mutations);
    }
    count.add([operation.selectionSet]);
  }
  if (count.spreadsOfUnused(fragments) > maxPairs || count.pairs > maxPairs)
    return tooMuch('TOO_COMPLEX', 'pairs of fields with one response name', maxPairs);
  if (count.names > maxNames)
    return tooMuch('TOO_COMPLEX', 'response names of one field in a selection', maxNames);
  return null;
}

function directivesOf(operation: OperationDefinitionNode): number {
  const ofVariables = operation.variableDefinitions ?? [];
  return ofVariables.reduce(
    (sum, { directives }) => sum + (directives?.length ?? 0),
    operation.directives?.length ?? 0,
  );
}

/** Counts the pairs that validation compares. Only for documents whose expanded fields are bounded. */
class PairCount {
  pairs = 0;
  /** The most response names that one field has in a selection. */
  names = 0;
  readonly #fragments: ReadonlyMap<string, FragmentDefinitionNode>;
  readonly #seen = new Set<string>();

  constructor(fragments: ReadonlyMap<string, FragmentDefinitionNode>) {
    this.#fragments = fragments;
  }

  /** The fields of these selections by response name, fragments expanded. */
  expand(selectionSets: readonly SelectionSetNode[]): Map<string, FieldNode[]> {
    const groups = new Map<string, FieldNode[]>();
    const within = new Set<string>();
    const collect = (selectionSet: SelectionSetNode): void => {
      for (const selection of selectionSet.selections) {
        if (selection.kind === Kind.FIELD) {
          const name = selection.alias?.value ?? selection.name.value;
          const group = groups.get(name);
          if (group === undefined) groups.set(name, [selection]);
          else group.push(selection);
        } else if (selection.kind === Kind.INLINE_FRAGMENT) collect(selection.selectionSet);
        else {
          const name = selection.name.value;
          const fragment = this.#fragments.get(name);
          this.#seen.add(name);
          if (fragment === undefined || within.has(name)) continue;
          within.add(name);
          collect(fragment.selectionSet);
          within.delete(name);
        }
      }
    };
    for (const selectionSet of selectionSets) collect(selectionSet);
    return groups;
  }

  add(selectionSets: readonly SelectionSetNode[], levels = 0): void {
    // Deeper than any document within the limits: a fragment that spreads itself.
    if (levels > 100 || this.pairs > maxPairs) return;
    const names = new Map<string, number>();
    for (const group of this.expand(selectionSets).values()) {
      const field = group[0]?.name.value ?? '';
      const count = (names.get(field) ?? 0) + 1;
      names.set(field, count);
      if (count > this.names) this.names = count;
      this.pairs += (group.length * (group.length - 1)) / 2;
      const below: SelectionSetNode[] = [];
      for (const { selectionSet } of group) if (selectionSet !== undefined) below.push(selectionSet);
      if (below.length > 0) this.add(below, levels + 1);
    }
  }

  /** The same for the fragments that no operation has reached. */
  spreadsOfUnused(fragments: ReadonlyMap<string, FragmentDefinitionNode>): number {
    for (const [name, { selectionSet }] of fragments) if (!this.#seen.has(name)) this.add([selectionSet]);
    return this.pairs;
  }
}

/** Items of the longest list, or keys of the largest object, in a literal. */
function itemsOf(value: ValueNode): number {
  if (value.kind === Kind.OBJECT)
    return value.fields.reduce(
      (longest, field) => Math.max(longest, itemsOf(field.value)),
      value.fields.length,
    );
  if (value.kind !== Kind.LIST) return 0;
  return value.values.reduce((longest, item) => Math.max(longest, itemsOf(item)), value.values.length);
}

function itemsOfDirectives(directives: readonly DirectiveNode[] | undefined): number {
  let longest = 0;
  for (const { arguments: args } of directives ?? [])
    for (const { value } of args ?? []) longest = Math.max(longest, itemsOf(value));
  return longest;
}
