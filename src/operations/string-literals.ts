import {
  type ConstDirectiveNode,
  type DocumentNode,
  getLocation,
  GraphQLError,
  type GraphQLSchema,
  Kind,
  type OperationDefinitionNode,
  parse,
  type ParseOptions,
  parseType,
  Source,
  type StringValueNode,
  TypeInfo,
  type VariableDefinitionNode,
  visit,
  visitWithTypeInfo,
} from 'graphql';

/** A document with its string literals taken out: what is left is the same for all that differ in them alone. */
export type Skeleton = {
  /** The text with `""` for each literal. */
  text: string;
  /** The values that stood there, in their order. */
  literals: readonly string[];
  /** Where each stood in the text, and how many characters it was longer than `""`. */
  places: readonly { at: number; longer: number }[];
};

const maxLiterals = 64;
// Line ends and control characters end a string or have no place in it (GraphQL specification section 2.9.4).
// oxlint-disable-next-line no-control-regex -- they are what is looked for
const odd = /[\u0000-\u001f]/;

/**
 * Takes the string literals out of a document's text. Null when it has none, or holds what only a parser can tell
 * apart: comments, block strings, code points in braces, strings that do not end or are not Unicode.
 */
export function readSkeleton(text: string): Skeleton | null {
  let at = text.indexOf('"');
  if (at < 0 || text.includes('#') || text.includes('"""')) return null;
  const literals: string[] = [];
  const places: { at: number; longer: number }[] = [];
  let rest = '';
  let from = 0;
  while (at >= 0) {
    const end = findEnd(text, at + 1);
    if (end < 0 || literals.length >= maxLiterals) return null;
    const raw = text.slice(at + 1, end);
    const value = raw.includes('\\') ? unescape(raw) : raw;
    if (value === null || odd.test(raw) || !value.isWellFormed()) return null;
    literals.push(value);
    places.push({ at, longer: raw.length });
    rest += `${text.slice(from, at)}""`;
    from = end + 1;
    at = text.indexOf('"', from);
  }
  return { text: rest + text.slice(from), literals, places };
}

/** The place of the quotation mark that ends a string. */
function findEnd(text: string, start: number): number {
  for (let end = text.indexOf('"', start); end >= 0; end = text.indexOf('"', end + 1)) {
    let backslashes = 0;
    while (text[end - 1 - backslashes] === '\\') backslashes += 1;
    if (backslashes % 2 === 0) return end;
  }
  return -1;
}

/** GraphQL's escapes are JSON's but for `\u{…}`. */
function unescape(raw: string): string | null {
  if (raw.includes('\\u{')) return null;
  try {
    return JSON.parse(`"${raw}"`) as string;
  } catch {
    return null;
  }
}

/** A document that takes its string literals as variables. */
export type Shared = {
  document: DocumentNode;
  /** The variables, in the order of the literals. */
  names: readonly string[];
};

const prefix = 'literal_';

/**
 * Makes the document of a skeleton, in which each string literal is a variable of the type of its place. Null where a
 * literal can be no variable: in a default value or inside a scalar. The document must have passed validation with
 * literals in those places.
 */
export function shareDocument(schema: GraphQLSchema, text: string, options: ParseOptions): Shared | null {
  if (text.includes(`$${prefix}`)) return null;
  const types = new TypeInfo(schema);
  const definitions: VariableDefinitionNode[] = [];
  const names: string[] = [];
  let isConstant = 0;
  let canShare = true;
  const document = visit(
    parse(text, options),
    visitWithTypeInfo(types, {
      VariableDefinition: {
        enter: () => void (isConstant += 1),
        leave: () => void (isConstant -= 1),
      },
      [Kind.STRING]: (node: StringValueNode) => {
        const type = types.getInputType();
        if (type == null || isConstant > 0) {
          canShare = false;
          return undefined;
        }
        const name = `${prefix}${names.length}`;
        names.push(name);
        const variable = { kind: Kind.VARIABLE, name: { kind: Kind.NAME, value: name } } as const;
        definitions.push({
          kind: Kind.VARIABLE_DEFINITION,
          variable,
          type: parseType(String(type), { noLocation: true }),
          directives: [] as ConstDirectiveNode[],
        });
        return { ...variable, ...(node.loc && { loc: node.loc }) };
      },
    }),
  );
  if (!canShare) return null;
  return {
    names,
    document: {
      ...document,
      definitions: document.definitions.map((definition) =>
        definition.kind === Kind.OPERATION_DEFINITION
          ? ({
              ...definition,
              variableDefinitions: [...(definition.variableDefinitions ?? []), ...definitions],
            } satisfies OperationDefinitionNode)
          : definition,
      ),
    },
  };
}

/** The error with its places in the document as it was sent, instead of in its skeleton. */
export function relocate(error: GraphQLError, text: string, { places }: Skeleton): GraphQLError {
  if (error.positions === undefined) return error;
  const positions = error.positions.map((position) => {
    let shifted = position;
    for (const { at, longer } of places) {
      if (at >= shifted) break;
      shifted += longer;
    }
    return shifted;
  });
  const source = new Source(text);
  const moved = new GraphQLError(error.message, {
    source,
    positions,
    path: error.path ?? null,
    originalError: error.originalError ?? null,
    extensions: error.extensions,
  });
  // Made by the constructor alike; said here since it is what the answer shows.
  Object.defineProperty(moved, 'locations', {
    value: positions.map((position) => getLocation(source, position)),
    enumerable: true,
  });
  return moved;
}
