import { timingSafeEqual } from 'node:crypto';
import { hashSecret } from '#access/secrets.ts';
import { BartizanError } from '#kit/errors.ts';
import type { Token } from '#store/state-store.ts';
import type { Reply, Request, RouteContext } from './routes/route.ts';
import { SESSION_COOKIE } from './routes/session.ts';
import type { ApiServices } from './services.ts';

const SAFE_METHODS = new Set(['GET', 'HEAD', 'OPTIONS']);

/** The one place that decides who may call what: it runs before the body is read. */
export function authorise({ services, access }: RouteContext): (request: Request, reply: Reply) => Promise<void> {
  const findToken = rememberingTokens(services);
  return async (request) => {
    const { role } = request.routeOptions.config;
    if (role === undefined) throw new BartizanError('BTZ_NOT_FOUND', { what: 'such route' });
    const bearer = /^Bearer ([\w-]{16,100})$/.exec(request.headers.authorization ?? '')?.[1];
    if (role === 'ingest') {
      const token = bearer === undefined ? undefined : await findToken(hashSecret(bearer));
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

const REMEMBERED_TOKENS = 1_000;
const REMEMBERED_MS = 10 * 60_000;

/**
 * Looks tokens up. While the state database does not answer, a sender that was let in during the last ten minutes is let
 * in again: an attacker who brings the database down must not switch the watching off.
 */
function rememberingTokens(services: Pick<ApiServices, 'state'>): (hash: string) => Promise<Token | undefined> {
  const known = new Map<string, { readonly token: Token; readonly atMs: number }>();
  return async (hash) => {
    try {
      const token = await services.state.tokens.findBySecretHash(hash);
      known.delete(hash);
      if (token) known.set(hash, { token, atMs: performance.now() });
      if (known.size > REMEMBERED_TOKENS) known.delete(known.keys().next().value ?? '');
      return token;
    } catch (thrown) {
      const found = known.get(hash);
      const isAway = thrown instanceof BartizanError && thrown.code === 'BTZ_STATE_UNAVAILABLE';
      if (!isAway || !found || performance.now() - found.atMs > REMEMBERED_MS) throw thrown;
      return found.token;
    }
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
