import type { CodegenConfig } from '@graphql-codegen/cli';

const config: CodegenConfig = {
  schema: 'schema/schema.graphql',
  documents: 'schema/operations/*.graphql',
  importExtension: '.ts',
  generates: {
    'test/support/generated/': {
      preset: 'client',
      presetConfig: { fragmentMasking: false },
      config: {
        useTypeImports: true,
        enumsAsTypes: true,
        documentMode: 'documentNode',
        scalars: {
          DateTime: 'string',
          JSONObject: 'Record<string, unknown>',
          NovuSecret: 'string',
          ID: 'string',
          _Any: 'unknown',
          FieldSet: 'string',
        },
      },
    },
  },
};

export default config;
