import { timingSafeEqual } from 'node:crypto';
import { hashSecret } from '#access/secrets.ts';
import { BartizanError } from '#kit/errors.ts';
import type { Reply, Request, RouteContext } from './routes/route.ts';
import { SESSION_COOKIE } from './routes/session.ts';

const SAFE_METHODS = new Set(['GET', 'HEAD', 'OPTIONS']);

/** The one place that decides who may call what: it runs before the body is read. */
export function authorise({ services, access }: RouteContext): (request: Request, reply: Reply) => Promise<void> {
  return async (request) => {
    const { role } = request.routeOptions.config;
    if (role === undefined) throw new BartizanError('BTZ_NOT_FOUND', { what: 'such route' });
    const bearer = /^Bearer ([\w-]{16,100})$/.exec(request.headers.authorization ?? '')?.[1];
    if (role === 'ingest') {
      const token = bearer === undefined ? undefined : await services.state.tokens.findBySecretHash(hashSecret(bearer));
      if (token?.kind !== 'ingest' || token.revokedMs !== undefined)
        throw new BartizanError('BTZ_INGEST_TOKEN_INVALID');
      request.actor = token.name;
      return;
    }
    if (bearer === undefined) refuseCrossSite(request);
    if (role === 'public') return;
    if (bearer !== undefined && isSame(hashSecret(bearer), services.localSecretHash())) {
      request.actor = 'cli';
      return;
    }
    const cookie = request.cookies[SESSION_COOKIE];
    const user = cookie === undefined ? undefined : await access.whoIs(cookie, request.ip);
    if (!user) throw new BartizanError('BTZ_UNAUTHENTICATED');
    request.actor = `user:${user.name}`;
  };
}

/** A browser names the page that a request came from: changes are taken from our own pages only. */
function refuseCrossSite(request: Request): void {
  if (SAFE_METHODS.has(request.method)) return;
  const { origin, host } = request.headers;
  const site = request.headers['sec-fetch-site'];
  if (site !== undefined && site !== 'same-origin' && site !== 'none') throw new BartizanError('BTZ_CROSS_SITE');
  if (origin !== undefined && origin !== `${request.protocol}://${host}`) throw new BartizanError('BTZ_CROSS_SITE');
}

function isSame(a: string, b: string): boolean {
  return a.length === b.length && timingSafeEqual(Buffer.from(a), Buffer.from(b));
}
