import { createRequire } from 'node:module';
import type credentialsModule from '@alicloud/credentials';
import type openapiModule from '@alicloud/openapi-client';

const require = createRequire(import.meta.url);

/**
 * The SDKs are CommonJS with a default export of their own, which Node, bundlers and test runners each hand over in
 * another way; required, they are always the same.
 */
export const credentials = require('@alicloud/credentials') as typeof credentialsModule;
export const openapi = require('@alicloud/openapi-client') as typeof openapiModule;

/** Keys from the environment or the standard chain; asked anew for each call, for they may expire. */
export type Credential = InstanceType<typeof credentials.default>;
export type OpenApiClient = InstanceType<typeof openapi.default>;
