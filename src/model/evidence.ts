import { z } from 'zod';

export const EVIDENCE_KINDS = [
  'centre.started',
  'centre.stopped',
  'administrator.created',
  'sign_in.succeeded',
  'sign_in.failed',
  'sign_out',
  'setting.changed',
  'token.created',
  'token.revoked',
  'alert.raised',
  'alert.status_changed',
  'exception.created',
  'exception.changed',
  'exception.ended',
  'rules.reloaded',
  'hunt.started',
  'posture.scanned',
  'action.asked',
  'action.approved',
  'action.refused',
  'action.started',
  'action.done',
  'action.failed',
  'action.undone',
  'action.expired',
  'channel.created',
  'channel.deleted',
  'channel.tested',
  'notification.sent',
  'notification.failed',
  'notification.retried',
  'playbook.started',
  'playbook.step',
  'playbook.ended',
  'drill.run',
  'clock.stepped',
] as const;
export type EvidenceKind = (typeof EVIDENCE_KINDS)[number];

/** One leaf of the evidence log, as canonical JSON (keys sorted, no white space) it is what the tree hashes. */
export const evidenceSchema = z.object({
  /** Index in the log, from 0. */
  index: z.number().int().nonnegative(),
  timeMs: z.number(),
  kind: z.enum(EVIDENCE_KINDS),
  /** `user:<name>`, `system`, `auto:<rule id>`, `cli`. */
  actor: z.string(),
  /** What it is about: alert id, action id, setting name … */
  subject: z.string(),
  details: z.record(z.string(), z.unknown()),
});
export type Evidence = z.infer<typeof evidenceSchema>;
export type NewEvidence = Omit<Evidence, 'index'>;
