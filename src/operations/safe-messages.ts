import { GraphQLError } from 'graphql';

/**
 * graphql-js repeats what the caller sent in its messages: literals, variables, whole inputs with the tokens in
 * them. Only messages whose form is known pass, and of those only the parts that name the schema or the document;
 * every other one says no more than where.
 */
const named = String.raw`"[$@]?[_A-Za-z][_0-9A-Za-z.]{0,127}(?:\([_A-Za-z]\w{0,127}:\))?"`;
const typed = String.raw`"[\[\]!_0-9A-Za-z]{1,160}"`;

/** Known messages, whole: names only. What follows (suggestions, reasons) is cut. */
const kept: RegExp[] = [
  String.raw`Cannot query field ${named} on type ${typed}\.`,
  String.raw`Unknown argument ${named} on (?:field|directive) ${named}\.`,
  String.raw`Unknown type ${typed}\.`,
  String.raw`Unknown (?:directive|fragment) ${named}\.`,
  String.raw`Must provide an operation\.`,
  String.raw`Too many validation errors, error limit reached\. Validation aborted\.`,
  String.raw`Must provide operation name if query contains multiple operations\.`,
  String.raw`Field ${named} (?:argument ${named} )?of (?:required )?type ${typed} (?:is required, but it was not provided|was not provided)\.`,
  String.raw`Field ${named} of type ${typed} must have a selection of subfields\.`,
  String.raw`Field ${named} must not have a selection since type ${typed} has no subfields\.`,
  String.raw`Field ${named} is not defined by type ${typed}\.`,
  String.raw`Variable ${named} (?:of (?:required )?type ${typed} )?(?:was not provided|is not defined(?: by operation ${named})?|is never used(?: in operation ${named})?)\.`,
  String.raw`Variable ${named} of non-null type ${typed} must not be null\.`,
  String.raw`Variable ${named} of type ${typed} used in position expecting type ${typed}\.`,
  String.raw`Variable ${named} cannot be non-input type ${typed}\.`,
  String.raw`There can be only one (?:argument|operation|variable|fragment|input field) named ${named}\.`,
  String.raw`Fragment ${named} (?:is never used|cannot be spread here as objects of type ${typed} can never be of type ${typed})\.`,
  String.raw`Fragment cannot be spread here as objects of type ${typed} can never be of type ${typed}\.`,
  String.raw`Fragment ${named} cannot condition on non composite type ${typed}\.`,
  String.raw`Fragment cannot condition on non composite type ${typed}\.`,
  String.raw`Cannot spread fragment ${named} within itself(?: via [",\w ]{1,200})?\.`,
  String.raw`Directive ${named} (?:argument ${named} of type ${typed} is required, but it was not provided|may not be used on [A-Z_]+)\.`,
  String.raw`The directive ${named} can only be used once at this location\.`,
  String.raw`This anonymous operation must be the only defined operation\.`,
  String.raw`The ${named} definition is not executable\.`,
  String.raw`Schema is not configured to execute (?:query|mutation|subscription) operation\.`,
  String.raw`Schema is not configured for (?:queries|mutations|subscriptions)\.`,
  String.raw`GraphQL introspection has been disabled, but the requested query contained the field ${named}\.`,
].map((pattern) => new RegExp(`^${pattern}`));

const rewritten: [RegExp, (match: RegExpExecArray) => string][] = [
  [/^Syntax Error/, () => 'Syntax error.'],
  // What stands in the document is the caller's to name; operationName may be any text.
  [/^Unknown operation named/, () => 'The document has no operation of that name.'],
  [
    new RegExp(String.raw`^Expected value of type (${typed}), found`),
    (m) => `Expected a value of type ${m[1]}.`,
  ],
  [
    new RegExp(String.raw`^Expected non-nullable type (${typed}) not to be null`),
    (m) => `Expected a value of type ${m[1]}, not null.`,
  ],
  [
    new RegExp(String.raw`^Value [\s\S]* does not exist in (${named}) enum`),
    (m) => `Expected a value of the enum ${m[1]}.`,
  ],
  [new RegExp(String.raw`^Enum (${named}) cannot represent`), (m) => `Expected a value of the enum ${m[1]}.`],
  [/^(Int|Float|String|Boolean|ID) cannot represent/, (m) => `Expected a value of type "${m[1]}".`],
  [/(?:^|; )((?:A NovuSecret|A DateTime|A JSONObject) must [\w ,.:-]{1,120})$/, (m) => m[1] ?? ''],
  [
    new RegExp(String.raw`^Argument (${named}) (?:of (?:required |non-null )?type (${typed}))?`),
    (m) =>
      `Argument ${m[1]} ${m[2] === undefined ? 'has an invalid value' : `needs a value of type ${m[2]}`}.`,
  ],
  [/^Fields "/, () => 'Fields with the same response name conflict: give them aliases.'],
  [
    /^Exactly one key must be specified|^OneOf Input Object/,
    () => 'Exactly one key must be given for a one-of input.',
  ],
];

const variable = new RegExp(`^Variable (${named}) got invalid value `);
const place = / at ("[_A-Za-z][\w.[\]]{0,200}")$/;

/** `Variable "$input" got invalid value {…} at "input.auth"; reason`: all but the value in the middle. */
function safeCoercionMessage(message: string): string | null {
  const name = variable.exec(message)?.[1];
  if (name === undefined) return null;
  const end = message.lastIndexOf('; ');
  const found = place.exec(message.slice(0, Math.max(end, 0)))?.[1];
  // graphql-js begins it with the variable; anything else is part of a value.
  const root = name.replace('$', '').slice(0, -1);
  const at = found?.startsWith(root) && /^[.["]/.test(found.slice(root.length)) ? found : undefined;
  const reason = end < 0 ? message : message.slice(end + 2);
  const words = safeReason(reason);
  return `Variable ${name} got an invalid value${at === undefined ? '' : ` at ${at}`}${words === null ? '.' : `: ${words}`}`;
}

function safeReason(reason: string): string | null {
  const whole = reasons.map((pattern) => pattern.exec(reason)?.[1]).find((text) => text !== undefined);
  if (whole !== undefined) return whole;
  for (const [pattern, write] of rewritten) {
    const match = pattern.exec(reason);
    if (match !== null) return write(match);
  }
  return null;
}

const reasons: RegExp[] = [
  String.raw`Field ${named} of required type ${typed} was not provided\.`,
  String.raw`Field ${named} is not defined by type ${typed}\.`,
  String.raw`Expected type ${typed} to be an object\.`,
  String.raw`Expected non-nullable type ${typed} not to be null\.`,
  String.raw`Expected type ${typed}\.`,
  // To the end, so that a value in a longer reason can't pass for one of these.
].map((pattern) => new RegExp(String.raw`^(${pattern})(?: Did you mean [^;]{1,500}\?)?$`));

export function safeMessage(message: string): string {
  const coercion = safeCoercionMessage(message);
  if (coercion !== null) return coercion;
  for (const pattern of kept) {
    const match = pattern.exec(message);
    if (match !== null) return match[0];
  }
  for (const [pattern, write] of rewritten) {
    const match = pattern.exec(message);
    if (match !== null) return write(match);
  }
  return 'The document or its variables are not valid here.';
}

/** Yoga's own words about a request that is not one of GraphQL. */
const request: RegExp[] = [
  /^POST body sent invalid JSON\.$/,
  /^POST body is expected to be object but received (?:null|\w{1,12})$/,
  /^Must provide query string\.$/,
  /^Can only perform a mutation operation from a POST request\.$/,
  /^Could not determine what operation to execute\.$/,
  /^Expected "?(?:query|variables|operationName|extensions)"? param to be (?:a string|an object|empty)(?: or a JSON string)?/,
  /^(?:Batching is not supported|Batching is limited to \d+ operations per request)\.$/,
  /^Unexpected parameter/,
];

/** graphql-js's error, with nothing of the caller's values in it. `code` when it has none. */
export function toSafeError(error: GraphQLError): GraphQLError {
  const { code, http } = error.extensions;
  const isRequest = code === 'BAD_REQUEST' || code === 'OPERATION_RESOLUTION_FAILURE';
  const words = isRequest
    ? (request.map((pattern) => pattern.exec(error.message)?.[0]).find((text) => text !== undefined) ??
      'This is not a GraphQL request.')
    : safeMessage(error.message);
  return new GraphQLError(words, {
    nodes: error.nodes ?? null,
    source: error.source ?? null,
    positions: error.positions ?? null,
    extensions: {
      code: isRequest
        ? 'BAD_REQUEST'
        : error.message.startsWith('Syntax Error')
          ? 'GRAPHQL_PARSE_FAILED'
          : code === 'GRAPHQL_VALIDATION_FAILED'
            ? code
            : 'BAD_USER_INPUT',
      http: {
        // A body that is no GraphQL request is 400 for whoever accepts plain JSON, too.
        spec: code !== 'BAD_REQUEST' && (http?.spec ?? !isRequest),
        status: http?.status ?? 400,
        ...(http?.headers && { headers: http.headers }),
      },
    },
  });
}
