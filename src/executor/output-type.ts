import {
  GraphQLBoolean,
  GraphQLEnumType,
  GraphQLFloat,
  GraphQLID,
  GraphQLInt,
  type GraphQLLeafType,
  type GraphQLOutputType,
  GraphQLString,
  isAbstractType,
  isEnumType,
  isLeafType,
  isListType,
  isNonNullType,
} from 'graphql';
import { quote } from './json.ts';

/** What is completed in which way. */
export const Kinds = { leaf: 0, list: 1, object: 2, abstract: 3 } as const;

/** Leaf types by how a value of theirs is serialised; `other` calls the type's own `serialize`. */
export const Leaves = { other: 0, string: 1, id: 2, int: 3, float: 4, boolean: 5, enum: 6 } as const;

/** An output type, read once: NonNull is a flag, so that no wrapper has to be taken off at run time. */
export class TypePlan {
  readonly nonNull: boolean;
  readonly kind: (typeof Kinds)[keyof typeof Kinds];
  /** The type without NonNull. */
  readonly type: GraphQLOutputType;
  /** The type of the items of a list. */
  readonly item: TypePlan | undefined;
  readonly leaf: (typeof Leaves)[keyof typeof Leaves];
  /** The names of an enum in JSON, by internal value. */
  readonly names: ReadonlyMap<unknown, string> | undefined;

  constructor(declared: GraphQLOutputType) {
    this.nonNull = isNonNullType(declared);
    const type = isNonNullType(declared) ? declared.ofType : declared;
    this.type = type;
    this.kind = toKind(type);
    this.item = isListType(type) ? planType(type.ofType) : undefined;
    this.leaf = isLeafType(type) ? toLeaf(type) : Leaves.other;
    this.names = this.leaf === Leaves.enum ? toNames(type as GraphQLEnumType) : undefined;
  }
}

const plans = new WeakMap<GraphQLOutputType, TypePlan>();

/** The plan of a type, the same one for every document. */
export function planType(type: GraphQLOutputType): TypePlan {
  let plan = plans.get(type);
  if (plan === undefined) {
    plan = new TypePlan(type);
    plans.set(type, plan);
  }
  return plan;
}

function toKind(type: GraphQLOutputType): TypePlan['kind'] {
  if (isListType(type)) return Kinds.list;
  if (isLeafType(type)) return Kinds.leaf;
  return isAbstractType(type) ? Kinds.abstract : Kinds.object;
}

const builtIn: readonly (readonly [serialize: unknown, leaf: TypePlan['leaf']])[] = [
  [GraphQLString.serialize, Leaves.string],
  [GraphQLID.serialize, Leaves.id],
  [GraphQLInt.serialize, Leaves.int],
  [GraphQLFloat.serialize, Leaves.float],
  [GraphQLBoolean.serialize, Leaves.boolean],
  [GraphQLEnumType.prototype.serialize, Leaves.enum],
];

function toLeaf(type: GraphQLLeafType): TypePlan['leaf'] {
  const leaf = builtIn.find(([serialize]) => type.serialize === serialize)?.[1] ?? Leaves.other;
  return leaf === Leaves.enum && !isEnumType(type) ? Leaves.other : leaf;
}

function toNames(type: GraphQLEnumType): Map<unknown, string> {
  return new Map(type.getValues().map(({ value, name }) => [value as unknown, quote(name)]));
}
