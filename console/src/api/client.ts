import createClient from 'openapi-fetch';
import type { paths } from './schema.d.ts';

/** Calls of the centre's own API, same origin, with the session's cookie. */
export const client = createClient<paths>({ baseUrl: '', credentials: 'same-origin' });
