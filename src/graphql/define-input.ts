import { builder } from './builder.ts';

/** What is wrong with a value, and where in the input. No value is repeated. */
export type Issue = { message: string; path: (string | number)[] };

/** What one check of an input gathers on its way. */
export class Findings {
  readonly issues: Issue[] = [];
  /** The values of secret fields, which no answer may repeat. */
  readonly secrets: string[] = [];

  add(message: string, ...path: (string | number)[]): void {
    this.issues.push({ message, path });
  }

  /** What was found since `from` lies below this field or index. */
  below(name: string | number, from: number): void {
    for (let index = from; index < this.issues.length; index += 1) this.issues[index]?.path.unshift(name);
  }
}

/** One field of an input: what the schema says of it, and how its value is checked and sent. */
export type InputField<W, R extends boolean = boolean> = {
  /** As Pothos takes it. */
  readonly type: unknown;
  readonly required: R;
  readonly description: string | undefined;
  /** The value as it is sent; what is wrong with it goes to the findings. */
  readonly read: (value: unknown, findings: Findings) => W;
  /** @default false */
  readonly isSecret?: boolean;
  /** Whether null is sent, where it takes a stored value away. @default false: null is as good as left out */
  readonly takesNull?: boolean;
  /** Of a value of an enum: each name with how Novu spells it. */
  readonly spellings?: Readonly<Record<string, string>>;
};

export type Shape = Readonly<Record<string, InputField<unknown>>>;

type Flat<T> = { [K in keyof T]: T[K] };
type ValueOf<F> = F extends InputField<infer W> ? W : never;

/** The body that an input of this shape becomes; its keys come in the order of the shape. */
export type BodyOf<S extends Shape> = Flat<
  { -readonly [K in keyof S as S[K]['required'] extends true ? K : never]: ValueOf<S[K]> } & {
    -readonly [K in keyof S as S[K]['required'] extends true ? never : K]?: ValueOf<S[K]>;
  }
>;

export type Checked<B> = { body: B; secrets: readonly string[] } | { issues: readonly Issue[] };

/** A rule that spans fields. `input` has the values as they came. */
export type SpanningRule = (
  input: Readonly<Record<string, unknown>>,
  fault: (message: string, ...path: string[]) => void,
) => void;

export type InputOptions = {
  /** Exactly one of the fields must be given (@oneOf). @default false */
  isOneOf?: boolean;
  /** @default none */
  rule?: SpanningRule;
};

/** An input type of the schema, with Novu's rules for it and the body that it becomes. */
export type DefinedInput<B> = ReturnType<typeof createRef> & {
  /** Checks a value that GraphQL has coerced to this type. */
  check: (input: unknown) => Checked<B>;
  /** The same for a field of another input. */
  readBody: (input: unknown, findings: Findings) => B;
  fieldNames: ReadonlySet<string>;
};

const createRef = (name: string) => builder.inputRef<object>(name);

/**
 * Declares an input once: the type of the schema, Novu's rules, the body that is sent, and its secrets. The shape is
 * walked by plain code that builds the body in the shape's order.
 */
export function defineInput<const S extends Shape>(
  name: string,
  description: string | undefined,
  shape: S,
  { isOneOf = false, rule }: InputOptions = {},
): DefinedInput<BodyOf<S>> {
  const fields = Object.entries(shape);

  function readBody(input: unknown, findings: Findings): BodyOf<S> {
    const body: Record<string, unknown> = {};
    if (typeof input !== 'object' || input === null) {
      findings.add('must be an object');
      return body as BodyOf<S>;
    }
    const given = input as Readonly<Record<string, unknown>>;
    let count = 0;
    for (const [name, field] of fields) {
      const value = given[name];
      if (value == null && !field.required) {
        if (value === null && field.takesNull === true) body[name] = null;
        continue;
      }
      const from = findings.issues.length;
      body[name] = field.read(value, findings);
      if (findings.issues.length > from) findings.below(name, from);
      count += 1;
    }
    if (isOneOf && count === 0) findings.add('must not be empty');
    rule?.(given, (message, ...path) => findings.add(message, ...path));
    return body as BodyOf<S>;
  }

  const ref = createRef(name);
  builder.inputType(ref, {
    ...(description !== undefined && { description }),
    isOneOf: isOneOf as never,
    fields: (t) =>
      Object.fromEntries(
        fields.map(([name, { type, required, description }]) => [
          name,
          t.field({ type: type as 'String', required, ...(description !== undefined && { description }) }),
        ]),
      ) as never,
  });
  return Object.assign(ref, {
    readBody,
    fieldNames: new Set(Object.keys(shape)),
    check(input: unknown): Checked<BodyOf<S>> {
      const findings = new Findings();
      const body = readBody(input, findings);
      return findings.issues.length > 0 ? { issues: findings.issues } : { body, secrets: findings.secrets };
    },
  });
}
