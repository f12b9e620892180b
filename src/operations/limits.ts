import {
  type DocumentNode,
  type FieldNode,
  type FragmentDefinitionNode,
  type GraphQLField,
  type GraphQLSchema,
  getNamedType,
  type GraphQLOutputType,
  isInterfaceType,
  isObjectType,
  Kind,
  type OperationDefinitionNode,
  OperationTypeNode,
  type SelectionSetNode,
  type ValueNode,
} from 'graphql';
import { type ErrorCode, gatewayError } from '../graphql/errors.ts';

/** See `Limits` of the configuration. */
export type DocumentLimits = {
  depth: number;
  mutations: number;
  directives: number;
  listItems: number;
};

/** One response name this often in one selection makes validation quadratic and serves nobody. */
const maxRepeats = 5;
/** The same of fields without a selection, which are cheaper to compare: every type of a union may have its own. */
const maxLeafRepeats = 30;
/** Fields repeated within repeated fields: each is compared with each, below as above. */
const maxNestedRepeats = 30;
/** Fragments spread or written inline in one document, for the same reason. */
const maxSpreads = 50;
/** Operations, fragments and variables that one document defines. */
const maxDefinitions = 50;

type Excess = { code: ErrorCode; message: string };

/**
 * What is too much in a document, or null. Linear in the document's size and run before validation, whose own rules
 * are not; fragments are measured once each.
 */
export function findExcess(document: DocumentNode, limits: DocumentLimits): Excess | null {
  const fragments = new Map<string, FragmentDefinitionNode>();
  for (const definition of document.definitions)
    if (definition.kind === Kind.FRAGMENT_DEFINITION) fragments.set(definition.name.value, definition);
  const depths = new Map<string, number>();
  let directives = 0;
  let spreads = 0;
  let repeats = 0;
  let leafRepeats = 0;
  let nestedRepeats = 0;
  let items = 0;

  /** Levels below a selection, which is there `times` over; counts what stands in it on the way. */
  function measure(selectionSet: SelectionSetNode, names: Map<string, number>, times: number): number {
    let deepest = 0;
    for (const selection of selectionSet.selections) {
      directives += selection.directives?.length ?? 0;
      if (selection.kind === Kind.FIELD) {
        for (const { value } of selection.arguments ?? []) items = Math.max(items, longestList(value));
        const name = selection.alias?.value ?? selection.name.value;
        const count = (names.get(name) ?? 0) + 1;
        names.set(name, count);
        if (selection.selectionSet === undefined) {
          // Also under other names: a blank keeps the two kinds of entries apart.
          const field = ` ${selection.name.value}`;
          const asked = (names.get(field) ?? 0) + 1;
          names.set(field, asked);
          leafRepeats = Math.max(leafRepeats, count, asked);
          deepest = Math.max(deepest, 1);
        } else {
          repeats = Math.max(repeats, count);
          nestedRepeats = Math.max(nestedRepeats, times * count);
          const below = measure(selection.selectionSet, new Map(), times * count);
          // The introspection query of every tool is deeper than any query of ours.
          deepest = Math.max(deepest, selection.name.value.startsWith('__') ? 1 : 1 + below);
        }
      } else if (selection.kind === Kind.INLINE_FRAGMENT) {
        spreads += 1;
        deepest = Math.max(deepest, measure(selection.selectionSet, names, times));
      } else {
        spreads += 1;
        deepest = Math.max(deepest, measureFragment(selection.name.value));
      }
    }
    return deepest;
  }

  function measureFragment(name: string): number {
    const known = depths.get(name);
    if (known !== undefined) return known;
    // A fragment that spreads itself is refused by validation; here it must only end.
    depths.set(name, 0);
    const fragment = fragments.get(name);
    const depth = fragment === undefined ? 0 : measure(fragment.selectionSet, new Map(), 1);
    depths.set(name, depth);
    return depth;
  }

  let depth = 0;
  let mutations = 0;
  let definitions = document.definitions.length;
  for (const definition of document.definitions) {
    if (definition.kind === Kind.FRAGMENT_DEFINITION) {
      const below = measureFragment(definition.name.value);
      if (!definition.typeCondition.name.value.startsWith('__')) depth = Math.max(depth, below);
    }
    if (definition.kind !== Kind.OPERATION_DEFINITION) continue;
    directives += definition.directives?.length ?? 0;
    definitions += definition.variableDefinitions?.length ?? 0;
    depth = Math.max(depth, measure(definition.selectionSet, new Map(), 1));
    if (definition.operation === OperationTypeNode.MUTATION)
      mutations = Math.max(mutations, countRootFields(definition, fragments));
  }
  if (items > limits.listItems) return tooManyItems(limits.listItems);
  if (depth > limits.depth) return tooMuch('TOO_DEEP', 'levels of nested fields', limits.depth);
  if (directives > limits.directives) return tooMuch('TOO_MANY_DIRECTIVES', 'directives', limits.directives);
  if (mutations > limits.mutations)
    return tooMuch('TOO_MANY_MUTATIONS', 'fields of a mutation', limits.mutations);
  if (repeats > maxRepeats)
    return tooMuch('TOO_COMPLEX', 'repetitions of one field in a selection', maxRepeats);
  if (nestedRepeats > maxNestedRepeats)
    return tooMuch('TOO_COMPLEX', 'repetitions of fields within repetitions', maxNestedRepeats);
  if (leafRepeats > maxLeafRepeats)
    return tooMuch('TOO_COMPLEX', 'repetitions of one field without a selection', maxLeafRepeats);
  if (definitions > maxDefinitions)
    return tooMuch('TOO_COMPLEX', 'operations, fragments and variables', maxDefinitions);
  if (spreads > maxSpreads) return tooMuch('TOO_COMPLEX', 'fragments spread or inline', maxSpreads);
  return null;
}

/** Items of the longest list in a literal. */
function longestList(value: ValueNode): number {
  if (value.kind === Kind.OBJECT)
    return value.fields.reduce((longest, field) => Math.max(longest, longestList(field.value)), 0);
  if (value.kind !== Kind.LIST) return 0;
  return value.values.reduce((longest, item) => Math.max(longest, longestList(item)), value.values.length);
}

/** Whether variables hold a list with more items than that. */
export function hasLongList(value: unknown, maxItems: number): boolean {
  if (typeof value !== 'object' || value === null) return false;
  if (Array.isArray(value))
    return value.length > maxItems || value.some((item) => hasLongList(item, maxItems));
  for (const key in value) if (hasLongList((value as Record<string, unknown>)[key], maxItems)) return true;
  return false;
}

export const tooManyItems = (limit: number): Excess => ({
  code: 'TOO_MANY_ITEMS',
  message: `A list in the input may have at most ${limit} items.`,
});

const tooMuch = (code: ErrorCode, what: string, limit: number): Excess => ({
  code,
  message: `A document may have at most ${limit} ${what}.`,
});

function countRootFields(
  operation: OperationDefinitionNode,
  fragments: ReadonlyMap<string, FragmentDefinitionNode>,
): number {
  const seen = new Set<string>();
  const count = (selectionSet: SelectionSetNode): number => {
    let total = 0;
    for (const selection of selectionSet.selections) {
      if (selection.kind === Kind.FIELD) total += 1;
      else if (selection.kind === Kind.INLINE_FRAGMENT) total += count(selection.selectionSet);
      else if (!seen.has(selection.name.value)) {
        seen.add(selection.name.value);
        const fragment = fragments.get(selection.name.value);
        if (fragment !== undefined) total += count(fragment.selectionSet);
      }
    }
    return total;
  };
  return count(operation.selectionSet);
}

export const excessError = ({ code, message }: Excess) =>
  gatewayError(code, message, { http: { status: 400, spec: false } });

/** What an entity costs that is asked for by its key. */
const entityWeight = 10;

/** What @cost says, else 1. */
function weightOf({ extensions }: GraphQLField<unknown, unknown>): number {
  const directives = extensions['directives'] as
    | readonly { name: string; args: { weight?: number } }[]
    | undefined;
  return (Array.isArray(directives) ? directives : []).find(({ name }) => name === 'cost')?.args.weight ?? 1;
}

const defaultPageSize = 10;
const maxPageSize = 100;

/**
 * The estimated cost of an operation: fields that ask Novu weigh 10, others with a selection 1, leaves nothing; what
 * stands below a list counts once for each row that may come: `first` or `last` (10 when neither is given), or
 * the number of representations.
 */
export function estimateCost(
  schema: GraphQLSchema,
  document: DocumentNode,
  operation: OperationDefinitionNode,
  variables: Readonly<Record<string, unknown>>,
  limit: number,
  onVariable: () => void = () => undefined,
): number {
  const fragments = new Map<string, FragmentDefinitionNode>();
  for (const definition of document.definitions)
    if (definition.kind === Kind.FRAGMENT_DEFINITION) fragments.set(definition.name.value, definition);
  const fragmentCosts = new Map<string, number>();

  function costOf(selectionSet: SelectionSetNode, type: GraphQLOutputType | null | undefined): number {
    let total = 0;
    for (const selection of selectionSet.selections) {
      if (selection.kind === Kind.FIELD) total += costOfField(selection, type);
      else if (selection.kind === Kind.INLINE_FRAGMENT) {
        const condition = selection.typeCondition?.name.value;
        total += costOf(
          selection.selectionSet,
          condition === undefined ? type : (schema.getType(condition) as GraphQLOutputType),
        );
      } else total += costOfFragment(selection.name.value);
      if (total > limit) return total;
    }
    return total;
  }

  function costOfFragment(name: string): number {
    const known = fragmentCosts.get(name);
    if (known !== undefined) return known;
    fragmentCosts.set(name, 0);
    const fragment = fragments.get(name);
    const cost =
      fragment === undefined
        ? 0
        : costOf(
            fragment.selectionSet,
            schema.getType(fragment.typeCondition.name.value) as GraphQLOutputType,
          );
    fragmentCosts.set(name, cost);
    return cost;
  }

  function costOfField(field: FieldNode, parent: GraphQLOutputType | null | undefined): number {
    if (field.selectionSet === undefined || field.name.value.startsWith('__')) return 0;
    const named = parent == null ? null : getNamedType(parent);
    const definition =
      isObjectType(named) || isInterfaceType(named) ? named.getFields()[field.name.value] : undefined;
    const args = definition?.args.map((arg) => arg.name) ?? [];
    const isPaged = args.includes('first') && args.includes('last');
    const below = costOf(field.selectionSet, definition?.type);
    const own = definition === undefined ? 1 : weightOf(definition);
    if (field.name.value === '_entities')
      return own + sizeOf(field, 'representations') * (entityWeight + below);
    return own + (isPaged ? pageSizeOf(field) : 1) * below;
  }

  function valueOf(field: FieldNode, argument: string): unknown {
    const node = field.arguments?.find((one) => one.name.value === argument)?.value;
    if (node === undefined) return undefined;
    if (node.kind === Kind.VARIABLE) onVariable();
    if (node.kind === Kind.VARIABLE) return variables[node.name.value] ?? defaultOf(node.name.value);
    return node.kind === Kind.INT ? Number(node.value) : node.kind === Kind.LIST ? node.values : undefined;
  }

  function defaultOf(variable: string): unknown {
    const node = operation.variableDefinitions?.find(
      (one) => one.variable.name.value === variable,
    )?.defaultValue;
    return node?.kind === Kind.INT ? Number(node.value) : undefined;
  }

  function pageSizeOf(field: FieldNode): number {
    const size = valueOf(field, 'first') ?? valueOf(field, 'last');
    return typeof size === 'number' ? Math.min(Math.max(size, 1), maxPageSize) : defaultPageSize;
  }

  function sizeOf(field: FieldNode, argument: string): number {
    const value = valueOf(field, argument);
    return Array.isArray(value) ? value.length : 1;
  }

  return costOf(operation.selectionSet, schema.getRootType(operation.operation));
}
