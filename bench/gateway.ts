/** The gateway, composed as src/main.ts does it. */
import { pino } from 'pino';
import { createAuthenticate } from '../src/callers/authenticate.ts';
import { parseConfig } from '../src/config.ts';
import { createConfiguredNovu, createGateway } from '../src/server/gateway.ts';
import { createServer } from '../src/server/node-server.ts';
import { novuUrl, report } from './contender.ts';
import { callerKey, novuKey } from './operations.ts';

const config = parseConfig({
  PORT: '0',
  NOVU_API_URL: novuUrl,
  NOVU_SECRET_KEY: novuKey,
  GATEWAY_API_KEYS: `bench:${callerKey}`,
  LOG_LEVEL: 'silent',
});
const log = pino({ level: config.logLevel, base: null });
const novu = createConfiguredNovu(config);
const authenticate = createAuthenticate(config);
const gateway = createGateway(config, { novu, log, authenticate, maxBodyBytes: false });
const server = createServer({
  gateway,
  authenticate,
  log,
  isReady: () => novu.reachable,
  maxBodyBytes: config.limits.bodyBytes,
  maxInFlight: config.maxInFlight,
});
report(await server.listen(config.port, config.host));
