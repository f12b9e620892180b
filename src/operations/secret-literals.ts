import {
  type DocumentNode,
  getNamedType,
  type GraphQLSchema,
  Kind,
  TypeInfo,
  visit,
  visitWithTypeInfo,
} from 'graphql';

/** Whether a document holds a secret as a literal. What can't be told by the schema counts as one. */
export function hasSecretLiteral(schema: GraphQLSchema, document: DocumentNode): boolean {
  const types = new TypeInfo(schema);
  let found = false;
  const look = () => {
    const type = getNamedType(types.getInputType());
    if (type == null || type.name === 'NovuSecret' || type.name === 'JSONObject') found = true;
  };
  const looked = { enter: look };
  visit(
    document,
    visitWithTypeInfo(types, {
      [Kind.STRING]: looked,
      [Kind.INT]: looked,
      [Kind.FLOAT]: looked,
      [Kind.ENUM]: looked,
      [Kind.BOOLEAN]: looked,
    }),
  );
  return found;
}
