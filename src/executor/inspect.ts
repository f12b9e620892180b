import { GraphQLEnumType, GraphQLError } from 'graphql';

const nothing = new GraphQLEnumType({ name: 'Nothing', values: { NOTHING: { value: Symbol('nothing') } } });
const prefix = 'Enum "Nothing" cannot represent value: ';

/**
 * A value as graphql-js shows it in its messages. Its own function is not exported, but an enum that represents no
 * value says the same of every value.
 */
export function inspect(value: unknown): string {
  try {
    nothing.serialize(value);
  } catch (error) {
    if (error instanceof GraphQLError && error.message.startsWith(prefix)) {
      return error.message.slice(prefix.length);
    }
    throw error;
  }
  return String(value);
}
