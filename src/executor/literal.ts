import {
  GraphQLBoolean,
  GraphQLEnumType,
  GraphQLFloat,
  GraphQLID,
  type GraphQLInputField,
  type GraphQLInputObjectType,
  type GraphQLInputType,
  GraphQLInt,
  type GraphQLLeafType,
  GraphQLString,
  isInputObjectType,
  isListType,
  isNonNullType,
  Kind,
  type ListValueNode,
  type ObjectValueNode,
  type ValueNode,
} from 'graphql';

/** The coerced variables of an operation. */
export type Variables = Readonly<Record<string, unknown>>;

/**
 * Gives the value of a literal, new objects and lists each time; undefined when the literal has no valid value. Defaults
 * of variables are read without variables.
 */
export type Literal = (variables: Variables | undefined) => unknown;

const invalid: Literal = () => undefined;

const builtIn: ReadonlySet<unknown> = new Set([
  GraphQLString.parseLiteral,
  GraphQLID.parseLiteral,
  GraphQLInt.parseLiteral,
  GraphQLFloat.parseLiteral,
  GraphQLBoolean.parseLiteral,
  GraphQLEnumType.prototype.parseLiteral,
]);

/** A literal of a document read once; it gives what graphql-js's valueFromAST gives. */
export function compileLiteral(node: ValueNode, type: GraphQLInputType): Literal {
  if (node.kind === Kind.VARIABLE) return compileVariable(node.name.value, isNonNullType(type));
  if (isNonNullType(type)) return node.kind === Kind.NULL ? invalid : compileLiteral(node, type.ofType);
  if (node.kind === Kind.NULL) return () => null;
  if (isListType(type)) {
    return node.kind === Kind.LIST ? compileList(node, type.ofType) : compileOneItem(node, type.ofType);
  }
  if (isInputObjectType(type)) return node.kind === Kind.OBJECT ? compileObject(node, type) : invalid;
  return compileLeaf(node, type);
}

function compileVariable(name: string, nonNull: boolean): Literal {
  return (variables) => {
    if (variables === undefined || !Object.hasOwn(variables, name)) return undefined;
    const value = variables[name];
    return value === null && nonNull ? undefined : value;
  };
}

function compileLeaf(node: ValueNode, type: GraphQLLeafType): Literal {
  const parse: Literal = (variables) => {
    try {
      return type.parseLiteral(node, variables);
    } catch {
      return undefined;
    }
  };
  // Other scalars may answer differently each time, or with an object that a resolver changes.
  if (!builtIn.has(type.parseLiteral)) return parse;
  const value = parse(undefined);
  return () => value;
}

function compileOneItem(node: ValueNode, itemType: GraphQLInputType): Literal {
  const item = compileLiteral(node, itemType);
  return (variables) => {
    const value = item(variables);
    return value === undefined ? undefined : [value];
  };
}

function compileList(node: ListValueNode, itemType: GraphQLInputType): Literal {
  const nullable = !isNonNullType(itemType);
  const items = node.values.map((item) => ({
    isMissing: missing(item),
    get: compileLiteral(item, itemType),
  }));
  return (variables) => {
    const values: unknown[] = [];
    for (const { isMissing, get } of items) {
      const value = nullable && isMissing(variables) ? null : get(variables);
      if (value === undefined) return undefined;
      values.push(value);
    }
    return values;
  };
}

function compileObject(node: ObjectValueNode, type: GraphQLInputObjectType): Literal {
  const nodes = new Map(node.fields.map((field) => [field.name.value, field.value]));
  const fields = Object.values(type.getFields()).map((field) => {
    const given = nodes.get(field.name);
    return {
      field,
      isMissing: given === undefined ? () => true : missing(given),
      get: given === undefined ? invalid : compileLiteral(given, field.type),
    };
  });
  return (variables) => {
    const object = Object.create(null) as Record<string, unknown>;
    for (const { field, isMissing, get } of fields) {
      if (isMissing(variables)) {
        if (field.defaultValue !== undefined) object[field.name] = field.defaultValue;
        else if (isRequired(field)) return undefined;
        continue;
      }
      const value = get(variables);
      if (value === undefined) return undefined;
      object[field.name] = value;
    }
    return type.isOneOf && !hasOneValue(object) ? undefined : object;
  };
}

const isRequired = (field: GraphQLInputField): boolean => isNonNullType(field.type);

/** Whether an input object of a OneOf type has one field, and a value in it. */
export function hasOneValue(object: Readonly<Record<string, unknown>>): boolean {
  const values = Object.values(object);
  return values.length === 1 && values[0] !== null;
}

/** Whether a node is a variable without a value, which counts as not written at all. */
function missing(node: ValueNode): (variables: Variables | undefined) => boolean {
  if (node.kind !== Kind.VARIABLE) return () => false;
  const name = node.name.value;
  return (variables) =>
    variables === undefined || !Object.hasOwn(variables, name) || variables[name] === undefined;
}
