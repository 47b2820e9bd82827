import { writeFile } from 'node:fs/promises';
import type { Access } from '#access/sign-in.ts';
import { createApi } from './server.ts';
import type { ApiServices } from './services.ts';

/** Writes the OpenAPI document beside this file: `npm run openapi`. The routes are only described, never called. */
const api = await createApi({ services: {} as ApiServices, access: {} as Access, version: '1' });
await api.ready();
await writeFile(new URL('openapi.json', import.meta.url), `${JSON.stringify(api.swagger(), undefined, 2)}\n`);
await api.close();
