import type { Kysely } from 'kysely';

import type { StateQueries } from '../state-store.ts';
import { actionQueries } from './actions.ts';
import { alertPlaceQueries } from './alert-places.ts';
import { alertQueries } from './alerts.ts';
import { channelQueries } from './channels.ts';
import { checkpointQueries } from './checkpoints.ts';
import { evidenceQueries } from './evidence.ts';
import { exceptionQueries } from './exceptions.ts';
import { noticeQueries } from './notices.ts';
import { playbookQueries } from './playbooks.ts';
import { scanQueries } from './scans.ts';
import type { StateSchema } from './schema.ts';
import { sessionQueries } from './sessions.ts';
import { settingQueries } from './settings.ts';
import { tokenQueries } from './tokens.ts';
import { userQueries } from './users.ts';

/** All queries on one connection or transaction. */
export function stateQueries(db: Kysely<StateSchema>): StateQueries {
  return {
    alerts: { ...alertQueries(db), ...alertPlaceQueries(db) },
    actions: actionQueries(db),
    exceptions: exceptionQueries(db),
    evidence: evidenceQueries(db),
    users: userQueries(db),
    sessions: sessionQueries(db),
    tokens: tokenQueries(db),
    settings: settingQueries(db),
    checkpoints: checkpointQueries(db),
    scans: scanQueries(db),
    playbooks: playbookQueries(db),
    channels: channelQueries(db),
    notices: noticeQueries(db),
  };
}

type Call = (queries: StateQueries) => Promise<unknown>;

/** The same queries, but each call is handed to `run`, which says where and when it happens. */
export function routedQueries(
  shape: StateQueries,
  run: (isWrite: boolean, call: Call) => Promise<unknown>,
): StateQueries {
  const groups = Object.entries(shape).map(([group, methods]) => [
    group,
    Object.fromEntries(
      Object.keys(methods as object).map((method) => [method, routed(group as keyof StateQueries, method)]),
    ),
  ]);
  // Built from the keys of `shape`, so it has exactly its groups and methods.
  return Object.fromEntries(groups) as StateQueries;

  function routed(group: keyof StateQueries, method: string) {
    const isWrite = (WRITES[group] as readonly string[]).includes(method);
    return (...parameters: readonly unknown[]) =>
      run(isWrite, (queries) => {
        const methods = queries[group] as unknown as Record<string, (...args: readonly unknown[]) => Promise<unknown>>;
        return (methods[method] as (...args: readonly unknown[]) => Promise<unknown>)(...parameters);
      });
  }
}

/** What changes something, and so goes through the one writer. Everything else reads what is committed. */
const WRITES = {
  alerts: ['save', 'place', 'setStatus', 'deleteDemo'],
  actions: ['insert', 'transition'],
  exceptions: ['insert', 'end', 'change', 'lapse'],
  evidence: ['append'],
  users: ['insert'],
  sessions: ['insert', 'touch', 'delete', 'deleteExpired'],
  tokens: ['insert', 'revoke'],
  settings: ['set'],
  checkpoints: ['set'],
  scans: ['insert', 'prune'],
  playbooks: ['insert', 'append', 'update', 'claim'],
  channels: ['insert', 'delete'],
  notices: ['add', 'withdraw', 'takeBack', 'give', 'update', 'prune'],
} as const satisfies { readonly [Group in keyof StateQueries]: readonly (keyof StateQueries[Group])[] };
