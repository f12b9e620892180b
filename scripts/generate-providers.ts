// Writes the list of providers from the enum of Novu's official SDK: `npm run providers` after an update of @novu/api.
import { writeFileSync } from 'node:fs';
import { ProvidersIdEnum } from '@novu/api/models/components/providersidenum.js';

export function printProviders(ids: readonly string[]): string {
  const lines = ids.map((id) => `  ${id.toUpperCase().replaceAll(/[^A-Z0-9]/g, '_')}: '${id}',`).sort();
  return `/** Generated from @novu/api by \`npm run providers\`: the enum value and Novu's spelling. */\nexport const providers = {\n${lines.join('\n')}\n} as const;\n`;
}

if (import.meta.main) {
  writeFileSync(
    new URL('../src/resources/common/providers.ts', import.meta.url),
    printProviders(Object.values(ProvidersIdEnum)),
  );
}
