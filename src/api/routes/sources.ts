import { z } from 'zod';
import { hashSecret, newId, newSecret } from '#access/secrets.ts';
import { BartizanError } from '#kit/errors.ts';
import { SOURCE_FORMATS } from '#model/event.ts';
import {
  idParamsSchema,
  ingestAnswerSchema,
  newTokenBodySchema,
  newTokenSchema,
  okSchema,
  sourceListSchema,
  tokenListSchema,
} from '../schemas.ts';
import type { Api, RouteContext } from './route.ts';

/** What is watched, who may send, and the way in for senders. */
export function sourceRoutes(api: Api, { services }: RouteContext): void {
  const { state, clock } = services;
  const administrator = { config: { role: 'administrator' } } as const;

  api.get('/sources', { ...administrator, schema: { response: { 200: sourceListSchema } } }, async () => ({
    items: [...(await services.sources())],
  }));

  api.get('/tokens', { ...administrator, schema: { response: { 200: tokenListSchema } } }, async () => ({
    items: (await state.tokens.list('ingest')).map(({ id, name, createdMs, revokedMs }) => ({
      id,
      name,
      createdMs,
      revokedMs,
    })),
  }));

  api.post(
    '/tokens',
    { ...administrator, schema: { body: newTokenBodySchema, response: { 200: newTokenSchema } } },
    async (request) => {
      const token = { id: newId(), name: request.body.name, createdMs: clock() };
      const secret = newSecret();
      await state.transaction(async (queries) => {
        await queries.evidence.append([
          {
            timeMs: token.createdMs,
            kind: 'token.created',
            actor: request.actor,
            subject: token.id,
            details: { name: token.name },
          },
        ]);
        await queries.tokens.insert({ ...token, kind: 'ingest', secretHash: hashSecret(secret) });
      });
      return { ...token, secret };
    },
  );

  api.delete(
    '/tokens/:id',
    { ...administrator, schema: { params: idParamsSchema, response: { 200: okSchema } } },
    async (request) => {
      const { id } = request.params;
      await state.transaction(async (queries) => {
        await queries.evidence.append([
          { timeMs: clock(), kind: 'token.revoked', actor: request.actor, subject: id, details: {} },
        ]);
        if (!(await queries.tokens.revoke(id, clock())))
          throw new BartizanError('BTZ_NOT_FOUND', { what: 'live token of that id' });
      });
      return { ok: true as const };
    },
  );
}

/** The way in for senders: the body stays a stream, whatever its type says. */
export function ingestRoutes(api: Api, { services }: RouteContext): void {
  api.removeAllContentTypeParsers();
  api.addContentTypeParser('*', (_request, payload, done) => done(null, payload));

  api.post(
    '/ingest/:format',
    {
      config: { role: 'ingest' },
      schema: { params: z.object({ format: z.enum(SOURCE_FORMATS) }), response: { 200: ingestAnswerSchema } },
    },
    (request) =>
      services.ingest({
        body: request.body as AsyncIterable<Uint8Array>,
        encoding: request.headers['content-encoding'],
        format: request.params.format,
        tokenName: request.actor,
      }),
  );
}
