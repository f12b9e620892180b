import {
  type DocumentNode,
  type FieldNode,
  type FragmentDefinitionNode,
  type GraphQLField,
  type GraphQLNamedType,
  type GraphQLOutputType,
  type GraphQLSchema,
  getNamedType,
  getNullableType,
  isAbstractType,
  isInterfaceType,
  isListType,
  isObjectType,
  Kind,
  type OperationDefinitionNode,
  type SelectionSetNode,
} from 'graphql';

type Variables = Readonly<Record<string, unknown>>;

/** What an operation may cost, by its coerced variables. */
export type Estimate = {
  /**
   * Fields that ask Novu weigh 10, others with a selection 1, leaves nothing, but those that ask for the row behind their
   * parent 10 together; times the rows that may come.
   */
  cost(variables: Variables): number;
  /**
   * Leaves times the rows that may come with one call to Novu, summed over the calls' places; a long response name counts
   * more than once.
   */
  values(variables: Variables): number;
};

/** What an entity costs that is asked for by its key. */
const entityWeight = 10;
const defaultPageSize = 10;
const maxPageSize = 100;
/** Rows of a list that has no pages. */
const assumedSize = 10;
/** Characters of a response name that count as one value. */
const charactersAValue = 32;

/** Sums that are known, and parts that depend on variables or on the type of a row. */
type Sum = {
  cost: number;
  /** Leaves of this place, times the rows of lists that come with it. */
  values: number;
  /** Leaves of the pages below it, each of which Novu is asked for: not times the rows of this place. */
  pages: number;
  parts: Part[];
};
type Size = number | ((variables: Variables) => number);
type Part =
  /** A list that comes with the place; a page is asked for by itself. */
  | { kind: 'list' | 'page'; size: (variables: Variables) => number; below: Sum }
  /** Fragments on different types: a row has one of them. */
  | { kind: 'types'; of: Sum[] };
type Figure = 'cost' | 'values' | 'pages';

function evaluate(sum: Sum, figure: Figure, variables: Variables): number {
  let total = sum[figure];
  for (const part of sum.parts) {
    if (part.kind === 'types') {
      let most = 0;
      for (const one of part.of) most = Math.max(most, evaluate(one, figure, variables));
      total += most;
    } else if (figure === 'cost') total += part.size(variables) * evaluate(part.below, 'cost', variables);
    else if (figure === 'values') {
      if (part.kind === 'list') total += part.size(variables) * evaluate(part.below, 'values', variables);
    } else {
      total += evaluate(part.below, 'pages', variables);
      if (part.kind === 'page') total += part.size(variables) * evaluate(part.below, 'values', variables);
    }
  }
  return total;
}

/**
 * Reads once what an operation may cost. What stands below a list counts once for each row that may come: `first` or
 * `last` (10 when neither is given), or the number of representations. Of fragments on different types of one place
 * only the dearest counts, since a row has one type. The expanded fields of the document must be bounded.
 */
export function readEstimate(
  schema: GraphQLSchema,
  document: DocumentNode,
  operation: OperationDefinitionNode,
): Estimate {
  const fragments = new Map<string, FragmentDefinitionNode>();
  for (const definition of document.definitions)
    if (definition.kind === Kind.FRAGMENT_DEFINITION) fragments.set(definition.name.value, definition);

  function sumOf(selectionSet: SelectionSetNode, type: GraphQLNamedType | undefined, isPage = false): Sum {
    const sum: Sum = { cost: 0, values: 0, pages: 0, parts: [] };
    const byType = new Map<string, Sum>();
    let rowCost = 0;
    for (const selection of selectionSet.selections) {
      if (selection.kind === Kind.FIELD) {
        if (selection.selectionSet === undefined) rowCost = Math.max(rowCost, leafWeightOf(selection, type));
        add(sum, sumOfField(selection, type, isPage));
        continue;
      }
      const fragment =
        selection.kind === Kind.INLINE_FRAGMENT ? selection : fragments.get(selection.name.value);
      if (fragment === undefined) continue;
      const condition = fragment.typeCondition?.name.value;
      const inner = sumOf(
        fragment.selectionSet,
        condition === undefined ? type : (schema.getType(condition) ?? undefined),
        isPage,
      );
      if (condition === undefined || !isAbstractType(type) || condition === type.name) add(sum, inner);
      else {
        const known = byType.get(condition);
        if (known === undefined) byType.set(condition, inner);
        else add(known, inner);
      }
    }
    sum.cost += rowCost;
    if (byType.size > 0) addMost(sum, [...byType.values()]);
    return sum;
  }

  function sumOfField(field: FieldNode, parent: GraphQLNamedType | undefined, isPage: boolean): Sum {
    const name = field.alias?.value ?? field.name.value;
    const definition =
      isObjectType(parent) || isInterfaceType(parent) ? parent.getFields()[field.name.value] : undefined;
    // The lists of a page (edges, nodes) are as long as the page itself.
    const isList = !isPage && definition !== undefined && isListType(getNullableType(definition.type));
    const size = 1 + Math.floor(name.length / charactersAValue);
    if (field.selectionSet === undefined)
      return { cost: 0, values: size * (isList ? assumedSize : 1), pages: 0, parts: [] };
    if (field.name.value.startsWith('__')) return { cost: 0, values: size, pages: 0, parts: [] };
    const args = definition?.args ?? [];
    const isPaged = args.some((arg) => arg.name === 'first') && args.some((arg) => arg.name === 'last');
    const below = sumOf(field.selectionSet, named(definition?.type), isPaged);
    const sum: Sum = {
      cost: definition === undefined ? 1 : weightOf(definition),
      values: size,
      pages: 0,
      parts: [],
    };
    if (field.name.value === '_entities') {
      addList(sum, 'list', sizeOf(field, 'representations'), { ...below, cost: below.cost + entityWeight });
      return sum;
    }
    if (isPaged) addList(sum, 'page', pageSizeOf(field), below);
    else if (isList) {
      // A list without pages is one answer of Novu's, whatever its length.
      sum.cost += below.cost;
      addList(sum, 'list', assumedSize, { ...below, cost: 0 });
    } else add(sum, below);
    return sum;
  }

  function pageSizeOf(field: FieldNode): Size {
    const clamp = (value: unknown) =>
      typeof value === 'number' ? Math.min(Math.max(value, 1), maxPageSize) : defaultPageSize;
    const first = valueOf(field, 'first');
    const last = valueOf(field, 'last');
    if (typeof first !== 'function' && typeof last !== 'function') return clamp(first ?? last);
    return (variables) => clamp(resolved(first, variables) ?? resolved(last, variables));
  }

  function sizeOf(field: FieldNode, argument: string): Size {
    const count = (value: unknown) => (Array.isArray(value) ? value.length : 1);
    const value = valueOf(field, argument);
    return typeof value === 'function' ? (variables) => count(value(variables)) : count(value);
  }

  const sum = sumOf(operation.selectionSet, schema.getRootType(operation.operation) ?? undefined);
  return {
    cost: (variables) => evaluate(sum, 'cost', variables),
    values: (variables) => evaluate(sum, 'values', variables) + evaluate(sum, 'pages', variables),
  };
}

const named = (type: GraphQLOutputType | undefined) => (type === undefined ? undefined : getNamedType(type));

/** What @cost says of a field without a selection, else nothing. */
function leafWeightOf({ name }: FieldNode, parent: GraphQLNamedType | undefined): number {
  const definition =
    isObjectType(parent) || isInterfaceType(parent) ? parent.getFields()[name.value] : undefined;
  return definition === undefined ? 0 : weightOf(definition, 0);
}

/** What @cost says. */
function weightOf({ extensions }: GraphQLField<unknown, unknown>, unsaid = 1): number {
  const directives = extensions['directives'];
  if (!Array.isArray(directives)) return unsaid;
  const cost = (directives as { name: string; args: { weight?: number } }[]).find(
    (directive) => directive.name === 'cost',
  );
  return cost?.args.weight ?? unsaid;
}

type Value = number | readonly unknown[] | undefined | ((variables: Variables) => unknown);

/** An argument as far as it counts: a number, a list, or what the variable holds once coerced (its default included). */
function valueOf(field: FieldNode, argument: string): Value {
  const node = field.arguments?.find((one) => one.name.value === argument)?.value;
  if (node === undefined) return undefined;
  if (node.kind === Kind.VARIABLE) {
    const name = node.name.value;
    return (variables) => variables[name];
  }
  return node.kind === Kind.INT ? Number(node.value) : node.kind === Kind.LIST ? node.values : undefined;
}

const resolved = (value: Value, variables: Variables) =>
  typeof value === 'function' ? value(variables) : value;

function add(sum: Sum, other: Sum): void {
  sum.cost += other.cost;
  sum.values += other.values;
  sum.pages += other.pages;
  sum.parts.push(...other.parts);
}

function addList(sum: Sum, kind: 'list' | 'page', size: Size, below: Sum): void {
  if (typeof size !== 'number' || below.parts.length > 0) {
    sum.parts.push({ kind, size: typeof size === 'number' ? () => size : size, below });
    return;
  }
  sum.cost += size * below.cost;
  sum.pages += below.pages;
  if (kind === 'list') sum.values += size * below.values;
  else sum.pages += size * below.values;
}

function addMost(sum: Sum, of: Sum[]): void {
  if (of.some(({ parts }) => parts.length > 0)) {
    sum.parts.push({ kind: 'types', of });
    return;
  }
  for (const figure of ['cost', 'values', 'pages'] as const)
    sum[figure] += Math.max(...of.map((one) => one[figure]));
}
