import { BartizanError } from '#kit/errors.ts';
import type { NewEvidence } from '#model/evidence.ts';
import type { Session, StateStore, User } from '#store/state-store.ts';
import { hashPassword, isPassword } from './passwords.ts';
import { hashSecret, newId, newSecret } from './secrets.ts';

const SESSION_MS = 12 * 3_600_000;
const SETUP_TOKEN_MS = 24 * 3_600_000;
/** Failures per name and address before it has to wait, and how long. */
const MAX_FAILURES = 5;
const WAIT_MS = 60_000;
const MAX_TRACKED = 10_000;

export interface Access {
  /** A fresh one-time secret for making the administrator, or undefined when there is one. Older ones are void. */
  newSetupSecret(): Promise<string | undefined>;
  isSetUp(): Promise<boolean>;
  /** @returns the cookie value. Throws BTZ_SETUP_DONE, BTZ_SETUP_TOKEN_INVALID. */
  setUp(input: { token: string; name: string; password: string; address: string }): Promise<string>;
  /** @returns the cookie value. Throws BTZ_SIGN_IN_FAILED, the same for a wrong name and a wrong password. */
  signIn(input: { name: string; password: string; address: string }): Promise<string>;
  signOut(secret: string, address: string): Promise<void>;
  /** Who holds this cookie, if it still counts; notes the address as in use. */
  whoIs(secret: string, address: string): Promise<User | undefined>;
}

export interface AccessOptions {
  readonly state: StateStore;
  readonly record: (leaves: readonly NewEvidence[]) => Promise<void>;
  readonly clock: () => number;
}

export function createAccess({ state, record, clock }: AccessOptions): Access {
  /** Times are of the monotonic clock: one that was put back must not lock the owner out. */
  const failures = new Map<string, { count: number; untilMs: number }>();
  // Hashed even for unknown names, so that the time of the answer tells nothing.
  const decoy = hashPassword(newSecret());

  async function openSession(user: User, address: string): Promise<string> {
    const secret = newSecret();
    const now = clock();
    const session: Session = {
      idHash: hashSecret(secret),
      userId: user.id,
      address,
      createdMs: now,
      lastSeenMs: now,
      expiresMs: now + SESSION_MS,
    };
    await state.sessions.insert(session);
    return secret;
  }

  async function leaf(kind: NewEvidence['kind'], name: string, details: Record<string, unknown>): Promise<void> {
    await record([{ timeMs: clock(), kind, actor: `user:${name}`, subject: name, details }]);
  }

  return {
    async newSetupSecret() {
      if ((await state.users.count()) > 0) return undefined;
      const now = clock();
      for (const old of await state.tokens.list('setup'))
        if (old.revokedMs === undefined) await state.tokens.revoke(old.id, now);
      const secret = newSecret();
      await state.tokens.insert({
        id: newId(),
        kind: 'setup',
        name: 'administrator',
        secretHash: hashSecret(secret),
        createdMs: now,
        expiresMs: now + SETUP_TOKEN_MS,
      });
      return secret;
    },

    async isSetUp() {
      return (await state.users.count()) > 0;
    },

    async setUp({ token, name, password, address }) {
      const passwordHash = await hashPassword(password);
      const user: User = { id: newId(), name, role: 'administrator', passwordHash, createdMs: clock() };
      await state.transaction(async (queries) => {
        if ((await queries.users.count()) > 0) throw new BartizanError('BTZ_SETUP_DONE');
        const found = await queries.tokens.findBySecretHash(hashSecret(token));
        const isLive = found?.kind === 'setup' && found.revokedMs === undefined && (found.expiresMs ?? 0) > clock();
        if (!found || !isLive || !(await queries.tokens.revoke(found.id, clock())))
          throw new BartizanError('BTZ_SETUP_TOKEN_INVALID');
        await queries.evidence.append([
          {
            timeMs: clock(),
            kind: 'administrator.created',
            actor: `user:${name}`,
            subject: name,
            details: { address },
          },
        ]);
        await queries.users.insert(user);
      });
      return openSession(user, address);
    },

    async signIn({ name, password, address }) {
      const key = `${name}\n${address}`;
      const failed = failures.get(key);
      const isWaitOver = failed !== undefined && failed.untilMs <= performance.now();
      if (failed && failed.count >= MAX_FAILURES && !isWaitOver) throw new BartizanError('BTZ_SIGN_IN_FAILED');
      const user = await state.users.findByName(name);
      const isRight = await isPassword(password, user?.passwordHash ?? (await decoy));
      if (!user || !isRight) {
        if (failures.size >= MAX_TRACKED) failures.delete(failures.keys().next().value ?? '');
        failures.set(key, { count: (isWaitOver ? 0 : (failed?.count ?? 0)) + 1, untilMs: performance.now() + WAIT_MS });
        const claimed = name.slice(0, 64);
        await record([
          { timeMs: clock(), kind: 'sign_in.failed', actor: 'anonymous', subject: claimed, details: { address } },
        ]);
        throw new BartizanError('BTZ_SIGN_IN_FAILED');
      }
      failures.delete(key);
      await leaf('sign_in.succeeded', user.name, { address });
      return openSession(user, address);
    },

    async signOut(secret, address) {
      const session = await state.sessions.find(hashSecret(secret));
      if (!session) return;
      const user = await state.users.findById(session.userId);
      await leaf('sign_out', user?.name ?? session.userId, { address });
      await state.sessions.delete(session.idHash);
    },

    async whoIs(secret, address) {
      const session = await state.sessions.find(hashSecret(secret));
      if (!session || session.expiresMs <= clock()) return undefined;
      if (session.address !== address || Math.abs(clock() - session.lastSeenMs) > 10_000) {
        try {
          await state.sessions.touch(session.idHash, address, clock());
        } catch (thrown) {
          // A full disk is when the owner needs the console most.
          if (!(thrown instanceof BartizanError && thrown.code === 'BTZ_DISK_FULL')) throw thrown;
        }
      }
      return state.users.findById(session.userId);
    },
  };
}
