import { httpError } from './errors.ts';

/** The guard's checks on the Authorization header, in its order. */
export function authenticate(header: string | undefined, secretKey: string): void {
  if (!header) throw httpError(401, 'Missing authorization header');
  const [scheme = '', key = ''] = header.split(' ');
  if (scheme === 'Bearer' || scheme === 'Keyless') throw httpError(401);
  if (scheme !== 'ApiKey') throw httpError(401, `Invalid authentication scheme: "${scheme}"`);
  if (key === '') throw httpError(401);
  if (key !== secretKey) throw httpError(401, 'API Key not found');
}
