import { existsSync } from 'node:fs';
import cookie from '@fastify/cookie';
import helmet from '@fastify/helmet';
import rateLimit from '@fastify/rate-limit';
import staticFiles from '@fastify/static';
import swagger from '@fastify/swagger';
import fastify, { type FastifyReply } from 'fastify';
import {
  jsonSchemaTransform,
  serializerCompiler,
  validatorCompiler,
  type ZodTypeProvider,
} from 'fastify-type-provider-zod';
import type { Access } from '#access/sign-in.ts';
import { BartizanError, toBartizanError } from '#kit/errors.ts';
import { authorise } from './authorise.ts';
import { actionRoutes } from './routes/actions.ts';
import { alertRoutes } from './routes/alerts.ts';
import { eventRoutes } from './routes/events.ts';
import { exceptionRoutes } from './routes/exceptions.ts';
import { notificationRoutes } from './routes/notifications.ts';
import { overviewRoutes } from './routes/overview.ts';
import { postureRoutes } from './routes/posture.ts';
import { repairRoutes } from './routes/repairs.ts';
import type { Api, RouteContext } from './routes/route.ts';
import { ruleRoutes } from './routes/rules.ts';
import { sessionRoutes } from './routes/session.ts';
import { settingRoutes } from './routes/settings.ts';
import { ingestRoutes, sourceRoutes } from './routes/sources.ts';
import type { ApiServices } from './services.ts';

const BODY_LIMIT_BYTES = 1024 * 1024;

export interface ApiOptions {
  readonly services: ApiServices;
  readonly access: Access;
  /** Folder of the built console; without it only the API answers. */
  readonly consoleFolder?: string;
  readonly version: string;
}

/** The HTTP side: API under `/api/v1`, its OpenAPI document, and the console. Call `listen` on what it answers. */
export async function createApi({ services, access, consoleFolder, version }: ApiOptions): Promise<Api> {
  const api = fastify({
    bodyLimit: BODY_LIMIT_BYTES,
    trustProxy: false,
    requestTimeout: 60_000,
    routerOptions: { maxParamLength: 200 },
    // What is refused before there is a route to answer for it: addresses that cannot be read, or are too long.
    frameworkErrors(thrown, _request, reply) {
      const { code, status, message, remedy } = new BartizanError('BTZ_BODY_INVALID', { problem: thrown.message });
      void (reply as FastifyReply).status(status).send({ code, message, remedy });
    },
  }).withTypeProvider<ZodTypeProvider>();
  api.setValidatorCompiler(validatorCompiler);
  api.setSerializerCompiler(serializerCompiler);
  api.setErrorHandler((thrown, request, reply) => {
    const error = coded(thrown);
    // A body that was given up halfway is still on the line: the next request behind it would wait for ever.
    if (!request.raw.complete) void reply.header('connection', 'close');
    // The cause goes to the operator's log only; the caller sees the code.
    if (error.code === 'BTZ_INTERNAL') process.stderr.write(`${String((thrown as Error).stack ?? thrown)}\n`);
    return reply.status(error.status).send({ code: error.code, message: error.message, remedy: error.remedy });
  });

  await api.register(helmet, {
    contentSecurityPolicy: {
      useDefaults: false,
      directives: {
        defaultSrc: ["'none'"],
        scriptSrc: ["'self'"],
        // antd writes its styles into the page; scripts stay strict.
        styleSrc: ["'self'", "'unsafe-inline'"],
        imgSrc: ["'self'", 'data:'],
        connectSrc: ["'self'"],
        fontSrc: ["'self'"],
        baseUri: ["'none'"],
        formAction: ["'none'"],
        frameAncestors: ["'none'"],
      },
    },
    // Served over plain HTTP on loopback: a promise of TLS would lock the owner out.
    strictTransportSecurity: false,
    crossOriginOpenerPolicy: { policy: 'same-origin' },
  });
  await api.register(cookie);
  await api.register(rateLimit, { global: false });
  await api.register(swagger, {
    openapi: {
      info: {
        title: 'Bartizan',
        version,
        description: 'Watch, detect, trace, respond, audit. Every error answer is `{code, message, remedy}`.',
        license: { name: 'Apache-2.0' },
      },
      components: {
        securitySchemes: {
          session: { type: 'apiKey', in: 'cookie', name: 'bartizan' },
          token: { type: 'http', scheme: 'bearer' },
        },
      },
    },
    transform: jsonSchemaTransform,
  });

  await api.register(async (scope) => mount(scope.withTypeProvider<ZodTypeProvider>(), { services, access }), {
    prefix: '/api/v1',
  });
  api.get('/api/openapi.json', { config: { role: 'public' }, schema: { hide: true } }, () => api.swagger());

  if (consoleFolder !== undefined && existsSync(consoleFolder)) {
    await api.register(staticFiles, { root: consoleFolder, wildcard: false, cacheControl: false });
  }
  api.setNotFoundHandler((request, reply) => {
    const isPage =
      request.method === 'GET' && !request.url.startsWith('/api/') && request.headers.accept?.includes('text/html');
    if (isPage && consoleFolder !== undefined && existsSync(consoleFolder))
      return reply.header('cache-control', 'no-cache').sendFile('index.html');
    throw new BartizanError('BTZ_NOT_FOUND', { what: `${request.method} ${request.url.slice(0, 100)}` });
  });
  return api;
}

function mount(api: Api, context: RouteContext): void {
  api.decorateRequest('actor', '');
  api.addHook('onRoute', (route) => {
    if (route.config?.role === undefined)
      throw new BartizanError('BTZ_INTERNAL', { problem: `route ${route.url} states no role` });
  });
  api.addHook('onRequest', authorise(context));
  for (const routes of [
    sessionRoutes,
    overviewRoutes,
    alertRoutes,
    actionRoutes,
    eventRoutes,
    exceptionRoutes,
    notificationRoutes,
    postureRoutes,
    repairRoutes,
    ruleRoutes,
    sourceRoutes,
    settingRoutes,
  ])
    routes(api, context);
  // A scope of its own, because there bodies stay streams.
  void api.register(async (scope) => ingestRoutes(scope.withTypeProvider<ZodTypeProvider>(), context));
}

function coded(thrown: unknown): BartizanError {
  if (thrown instanceof BartizanError) return thrown;
  const { validation, statusCode, code, message } = thrown as {
    validation?: unknown;
    statusCode?: number;
    code?: string;
    message?: string;
  };
  if (code === 'FST_ERR_CTP_BODY_TOO_LARGE')
    return new BartizanError('BTZ_BODY_TOO_LARGE', { limitBytes: BODY_LIMIT_BYTES });
  if (validation !== undefined || statusCode === 400 || statusCode === 415)
    return new BartizanError('BTZ_BODY_INVALID', { problem: message ?? 'unreadable' });
  if (statusCode === 429) return new BartizanError('BTZ_TOO_MANY_REQUESTS');
  return toBartizanError(thrown);
}
