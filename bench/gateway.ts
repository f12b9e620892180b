/** The gateway, composed as the process composes it. */
import { pino } from 'pino';
import { createApp } from '../src/app.ts';
import { parseConfig } from '../src/config.ts';
import { novuUrl, report } from './contender.ts';
import { callerKey, novuKey } from './operations.ts';

const config = parseConfig({
  PORT: '0',
  NOVU_API_URL: novuUrl,
  NOVU_SECRET_KEY: novuKey,
  GATEWAY_API_KEYS: `bench:${callerKey}`,
  LOG_LEVEL: 'silent',
});
const { server } = createApp(config, { log: pino({ level: config.logLevel, base: null }) });
report(await server.listen(config.port, config.host));
