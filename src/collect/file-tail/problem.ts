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

/** Says that lines may be gone that were never read, and what to do about it. */
export function describeLoss(path: string, loss: 'perhaps' | 'packed' | 'none', nowMs: number): string {
  const when = new Date(nowMs).toISOString();
  return loss === 'packed'
    ? `Noticed ${when}: a rotated file of ${path} was packed before it was read to its end. Its lines are in the packed file only; let logrotate pack one rotation later (delaycompress).`
    : `Noticed ${when}: ${path} was emptied or taken away, and no copy of what was being read is left beside it. Lines written just before that may be missing. If nobody rotates this log, find out who emptied it.`;
}
