/** Hive Gateway on node:http, with the supergraph that `compose.ts` wrote; nobody is asked who they are. */
import { createServer } from 'node:http';
import { createGatewayRuntime } from '@graphql-hive/gateway';
import { listening } from '../control.ts';

const gateway = createGatewayRuntime({
  supergraph: process.env['SUPERGRAPH'] ?? '',
  logging: false,
  landingPage: false,
});
createServer({ keepAliveTimeout: 65_000 }, (req, res) => void gateway(req, res)).listen(...listening);
