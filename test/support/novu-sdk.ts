import { Novu } from '@novu/api';

/** Novu's own SDK; without this setting it retries a conflict for an hour. */
export const createSdk = (serverURL: string, secretKey = 'sandbox-secret-key'): Novu =>
  new Novu({ serverURL, secretKey, retryConfig: { strategy: 'none' } });
