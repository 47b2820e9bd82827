import type { IncomingMessage, ServerResponse } from 'node:http';
import type { FastifyBaseLogger, FastifyInstance, FastifyReply, FastifyRequest, RawServerDefault } from 'fastify';
import type { ZodTypeProvider } from 'fastify-type-provider-zod';
import type { Access } from '#access/sign-in.ts';
import type { ApiServices } from '../services.ts';

/**
 * Who may call a route. `public` anybody who reaches the port; `administrator` a signed-in person, or the local command
 * line with its secret; `ingest` a sender with a token. Every route states one: the server refuses to start otherwise.
 */
export type Role = 'public' | 'administrator' | 'ingest';

declare module 'fastify' {
  interface FastifyContextConfig {
    role?: Role;
  }
  interface FastifyRequest {
    /** `user:<name>` or `cli`; set on routes of administrators. For ingest, the token's name. */
    actor: string;
  }
}

export type Api = FastifyInstance<
  RawServerDefault,
  IncomingMessage,
  ServerResponse,
  FastifyBaseLogger,
  ZodTypeProvider
>;

export interface RouteContext {
  readonly services: ApiServices;
  readonly access: Access;
}

export type Request = FastifyRequest;
export type Reply = FastifyReply;
