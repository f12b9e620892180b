import { parseEnvironment } from './environment.ts';
import { createSandbox } from './sandbox.ts';

const parsed = parseEnvironment(process.env);
if ('faults' in parsed) {
  for (const fault of parsed.faults) console.error(fault);
  process.exit(1);
}

const sandbox = createSandbox(parsed.options);
try {
  const url = await sandbox.listen(parsed.port);
  console.log(`Novu sandbox at ${url} - Authorization: ApiKey ${sandbox.options.secretKey}`);
} catch (error) {
  console.error(`SANDBOX_PORT: ${error instanceof Error ? error.message : String(error)}`);
  process.exit(1);
}
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => void sandbox.close());
