import { BartizanError } from '#kit/errors.ts';
import type { CollectorStatus } from '../collector.ts';
import { sentence } from '../status.ts';

/** Says in the list of sources why a file cannot be read, and what to do. */
export function describeProblem(thrown: unknown, path: string): Pick<CollectorStatus, 'state' | 'detail'> {
  const { code = '', message = String(thrown) } = thrown as { code?: string; message?: string };
  if (code === 'EACCES' || code === 'EPERM') {
    return {
      state: 'no_permission',
      detail: `${path} may not be read by this user. Add the user to the group that owns the file (often adm: \`usermod -aG adm <user>\`) and restart, or run as root.`,
    };
  }
  return { state: 'error', detail: sentence(new BartizanError('BTZ_INPUT_UNREADABLE', { path, problem: message })) };
}
