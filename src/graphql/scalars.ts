import { GraphQLError, Kind, type ValueNode } from 'graphql';
import { builder } from './builder.ts';

/** Messages of scalars never repeat the value: graphql-js puts them into its own errors. */
const refuse = (message: string): never => {
  throw new GraphQLError(message);
};

builder.scalarType('NovuSecret', {
  description: 'A secret in an input. Never logged, traced or repeated in an error. Cannot be output.',
  serialize: () => refuse('A NovuSecret cannot be output.'),
  parseValue: (value) => (typeof value === 'string' ? value : refuse('A NovuSecret must be a string.')),
  parseLiteral: (node) => (node.kind === Kind.STRING ? node.value : refuse('A NovuSecret must be a string.')),
});

/** RFC 3339 section 5.6: a date, a time and an offset. */
const rfc3339 = /^(\d{4})-(\d\d)-(\d\d)[Tt ](\d\d):(\d\d):(\d\d)(\.\d+)?([Zz]|[+-]\d\d:\d\d)$/;

function parseDateTime(value: unknown): Date {
  const match = typeof value === 'string' && value.length <= 64 ? rfc3339.exec(value) : null;
  const date = match === null ? Number.NaN : Date.parse((value as string).replace(' ', 'T').toUpperCase());
  if (match === null || Number.isNaN(date))
    return refuse('A DateTime must be an RFC 3339 string, for example 2026-01-31T12:00:00Z.');
  // Date.parse rolls 30 February over into March.
  const day = Number(match[3]);
  if (day < 1 || day > new Date(Date.UTC(Number(match[1]), Number(match[2]), 0)).getUTCDate())
    return refuse('A DateTime must name a day that exists.');
  return new Date(date);
}

builder.scalarType('DateTime', {
  description:
    'RFC 3339, UTC. Read leniently from Novu: ISO 8601, or milliseconds since 1970 as string or number; anything else is null.',
  serialize(value) {
    // The strings of rows were read as times when they came: see upstream/tolerant.ts.
    if (typeof value === 'string') return value;
    return value instanceof Date ? value.toISOString() : refuse('A DateTime must be a Date or a time.');
  },
  parseValue: parseDateTime,
  parseLiteral: (node) => parseDateTime(node.kind === Kind.STRING ? node.value : undefined),
});

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

builder.scalarType('JSONObject', {
  description: 'Any JSON object, kept as it is, also with keys such as __proto__.',
  serialize: (value) => (isObject(value) ? value : refuse('A JSONObject must be an object.')),
  parseValue: (value) => (isObject(value) ? value : refuse('A JSONObject must be an object.')),
  parseLiteral: (node, variables) =>
    node.kind === Kind.OBJECT
      ? (literalToJson(node, variables) as Record<string, unknown>)
      : refuse('A JSONObject must be an object.'),
});

/** Refused where the number would be another one for who reads it. */
function toNumber(text: string): number {
  const value = Number(text);
  const isWhole = Number.isInteger(value) || !Number.isFinite(value);
  return isWhole && !Number.isSafeInteger(value)
    ? refuse('A JSONObject must hold whole numbers within 2^53.')
    : value;
}

function literalToJson(node: ValueNode, variables: Record<string, unknown> | null | undefined): unknown {
  switch (node.kind) {
    case Kind.OBJECT:
      // fromEntries defines properties, so that a key named __proto__ stays a key.
      return Object.fromEntries(
        node.fields.map((field) => [field.name.value, literalToJson(field.value, variables)]),
      );
    case Kind.LIST:
      return node.values.map((value) => literalToJson(value, variables));
    case Kind.INT:
    case Kind.FLOAT:
      return toNumber(node.value);
    case Kind.STRING:
    case Kind.ENUM:
    case Kind.BOOLEAN:
      return node.value;
    case Kind.NULL:
      return null;
    case Kind.VARIABLE:
      return variables?.[node.name.value] ?? null;
  }
}
