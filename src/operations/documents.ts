import {
  type DocumentNode,
  GraphQLError,
  type GraphQLSchema,
  Kind,
  NoSchemaIntrospectionCustomRule,
  type OperationDefinitionNode,
  type OperationTypeNode,
  parse,
  specifiedRules,
  validate,
  type ValidationRule,
} from 'graphql';
import { LRUCache } from 'lru-cache';
import { hash } from 'node:crypto';
import { type Prepared, prepare } from '../executor/prepare.ts';
import { type Estimate, readEstimate } from './estimate.ts';
import { findExcess, type Limits, refuseExcess, tooManyCharacters, tooManyTokens } from './limits.ts';
import { readSkeleton, type Shared, shareDocument, type Skeleton } from './string-literals.ts';

/** One operation of a document, read once. */
export type Operation = Prepared & {
  kind: OperationTypeNode;
  /** The name that the document declares, for the log: at most 128 characters. */
  name: string | null;
  /** Tells documents apart, in the log: 16 hexadecimal digits of the SHA-256 of the text, its string literals left out. */
  hash: string;
  estimate: Estimate;
};

/** One record for each document: what was read of it, once. */
export type DocumentRecord = {
  document: DocumentNode;
  /** Operations by name; a document with one operation has it under null, too. */
  operations: ReadonlyMap<string | null, Operation>;
  /** How many operations the document defines. */
  operationCount: number;
  /** The variables that stand for the string literals of the document, in their order. */
  literals: readonly string[];
};

/** A record, and the string literals of the text at hand where the record is shared by texts that differ in them. */
export type Found = { record: DocumentRecord; skeleton: Skeleton | null };

export type DocumentsOptions = {
  schema: GraphQLSchema;
  limits: Limits;
  /** Whether the schema may be asked for. */
  introspection: boolean;
  /** Bytes that the records may hold, by estimate. */
  cacheBytes: number;
  /** Whether documents that differ in string literals alone share a record. */
  shareLiterals: boolean;
};

/** Nobody reads the hundredth error, and each costs as much as a small request. */
const maxErrors = 5;
const maxNameLength = 128;
/** What a character of a document takes in memory once it is parsed and planned: measured, rounded up. */
const bytesACharacter = 200;
const bytesADocument = 8 * 1024;

/** Reads documents: each text, and all that differ from it in string literals alone, once. Refused ones are not kept. */
export class Documents {
  readonly #schema: GraphQLSchema;
  readonly #limits: Limits;
  readonly #rules: readonly ValidationRule[];
  readonly #shareLiterals: boolean;
  readonly #records: LRUCache<string, DocumentRecord>;

  constructor({ schema, limits, introspection, cacheBytes, shareLiterals }: DocumentsOptions) {
    this.#schema = schema;
    this.#limits = limits;
    this.#rules = introspection ? specifiedRules : [...specifiedRules, NoSchemaIntrospectionCustomRule];
    this.#shareLiterals = shareLiterals;
    this.#records = new LRUCache({
      maxSize: cacheBytes,
      sizeCalculation: (_record, text) => bytesADocument + text.length * bytesACharacter,
    });
  }

  /** Documents held at the moment. */
  get size(): number {
    return this.#records.size;
  }

  /** The record of a text. Throws a GraphQLError, or an array of them, when the document is refused. */
  find(text: string): Found {
    if (text.length > this.#limits.documentCharacters)
      throw refuseExcess(tooManyCharacters(this.#limits.documentCharacters));
    const known = this.#records.get(text);
    if (known !== undefined) return { record: known, skeleton: null };
    const skeleton = this.#shareLiterals ? readSkeleton(text) : null;
    const shared = skeleton === null ? undefined : this.#records.get(skeleton.text);
    if (shared !== undefined) return { record: shared, skeleton };
    return this.#read(text, skeleton);
  }

  /** The record of this very text, not shared: for a literal that does not fit, whose error has its own words. */
  findUnshared(text: string): DocumentRecord {
    return this.#toRecord(this.#check(text), [], readSkeleton(text)?.text ?? text);
  }

  #read(text: string, skeleton: Skeleton | null): Found {
    const document = this.#check(text);
    const shared = skeleton && this.#share(skeleton);
    if (shared == null) {
      const record = this.#toRecord(document, [], skeleton?.text ?? text);
      this.#records.set(text, record);
      return { record, skeleton: null };
    }
    const record = this.#toRecord(shared.document, shared.names, (skeleton as Skeleton).text);
    this.#records.set((skeleton as Skeleton).text, record);
    return { record, skeleton };
  }

  #share({ text, literals }: Skeleton): Shared | null {
    const shared = shareDocument(this.#schema, text, { maxTokens: this.#limits.tokens });
    return shared?.names.length === literals.length ? shared : null;
  }

  /** Parses and validates; limits come first, since the rules of validation are not linear. */
  #check(text: string): DocumentNode {
    const document = this.#parse(text);
    const excess = findExcess(document, this.#limits);
    if (excess !== null) throw refuseExcess(excess);
    const errors = validate(this.#schema, document, this.#rules, { maxErrors });
    if (errors.length > 0) throw errors.map(toValidationError);
    return document;
  }

  #parse(text: string): DocumentNode {
    try {
      return parse(text, { maxTokens: this.#limits.tokens });
    } catch (error) {
      if (error instanceof GraphQLError && /more tha[nt] \d+ tokens/.test(error.message))
        throw refuseExcess(tooManyTokens(this.#limits.tokens));
      throw error;
    }
  }

  #toRecord(document: DocumentNode, literals: readonly string[], text: string): DocumentRecord {
    const digest = hash('sha256', text).slice(0, 16);
    const definitions = document.definitions.filter(
      (one): one is OperationDefinitionNode => one.kind === Kind.OPERATION_DEFINITION,
    );
    const operations = new Map<string | null, Operation>();
    for (const definition of definitions) {
      const name = definition.name?.value ?? null;
      const prepared = prepare(this.#schema, document, name);
      if (!('operation' in prepared)) throw prepared;
      const operation: Operation = {
        operation: prepared.operation,
        coerce: prepared.coerce,
        run: prepared.run,
        write: prepared.write,
        kind: definition.operation,
        name: name?.slice(0, maxNameLength) ?? null,
        hash: digest,
        estimate: readEstimate(this.#schema, document, definition),
      };
      operations.set(name, operation);
      if (definitions.length === 1) operations.set(null, operation);
    }
    return { document, operations, operationCount: definitions.length, literals };
  }
}

/** GraphQL over HTTP: 400, but 200 for who accepts plain JSON alone (`spec`, see graphql-yoga's error.ts). */
function toValidationError(error: GraphQLError): GraphQLError {
  error.extensions['code'] ??= 'GRAPHQL_VALIDATION_FAILED';
  error.extensions['http'] ??= { spec: true, status: 400 };
  return error;
}
