import { okSchema, sessionSchema, setupBodySchema, signInBodySchema } from '../schemas.ts';
import type { Api, Reply, RouteContext } from './route.ts';

export const SESSION_COOKIE = 'bartizan';

/** Making the administrator, signing in and out. */
export function sessionRoutes(api: Api, { access }: RouteContext): void {
  api.get('/session', { config: { role: 'public' }, schema: { response: { 200: sessionSchema } } }, async (request) => {
    const secret = request.cookies[SESSION_COOKIE];
    const user = secret === undefined ? undefined : await access.whoIs(secret, request.ip);
    if (user) return { state: 'signed_in' as const, user: { name: user.name, role: user.role } };
    return { state: (await access.isSetUp()) ? ('signed_out' as const) : ('setup' as const) };
  });

  const guessable = { role: 'public', rateLimit: { max: 20, timeWindow: 60_000 } } as const;

  api.post(
    '/setup',
    { config: guessable, schema: { body: setupBodySchema, response: { 200: sessionSchema } } },
    async (request, reply) => {
      remember(reply, await access.setUp({ ...request.body, address: request.ip }));
      return { state: 'signed_in' as const, user: { name: request.body.name, role: 'administrator' as const } };
    },
  );

  api.post(
    '/session',
    { config: guessable, schema: { body: signInBodySchema, response: { 200: sessionSchema } } },
    async (request, reply) => {
      remember(reply, await access.signIn({ ...request.body, address: request.ip }));
      return { state: 'signed_in' as const, user: { name: request.body.name, role: 'administrator' as const } };
    },
  );

  api.delete(
    '/session',
    { config: { role: 'public' }, schema: { response: { 200: okSchema } } },
    async (request, reply) => {
      const secret = request.cookies[SESSION_COOKIE];
      if (secret !== undefined) await access.signOut(secret, request.ip);
      reply.clearCookie(SESSION_COOKIE, { path: '/' });
      return { ok: true as const };
    },
  );
}

function remember(reply: Reply, secret: string): void {
  reply.setCookie(SESSION_COOKIE, secret, {
    path: '/',
    httpOnly: true,
    sameSite: 'strict',
    secure: reply.request.protocol === 'https',
    maxAge: 12 * 3600,
  });
}
