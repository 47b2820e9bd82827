import type { SourceFormat } from '#model/event.ts';
import { frameAuditd } from './auditd.ts';
import { DEFAULT_LIMITS, type FrameLimits, type Framer } from './framer.ts';
import { frameJsonDocuments } from './json-documents.ts';
import { frameLines } from './lines.ts';
import { framePostgres } from './postgresql.ts';
import { frameTextOrJson } from './text-or-json.ts';

export { frameAuditd } from './auditd.ts';
export {
  DEFAULT_LIMITS,
  type FramedRecords,
  type FrameLimits,
  type Framer,
  MAX_CHUNK_BYTES,
} from './framer.ts';
export { frameJsonDocuments } from './json-documents.ts';
export { frameLines } from './lines.ts';
export { sniffFormat } from './sniff.ts';

/** The framer for a stream of this format. */
export function framerOf(format: SourceFormat, limits: FrameLimits = DEFAULT_LIMITS): Framer {
  switch (format) {
    case 'auditd':
      return frameAuditd(limits);
    case 'cloudtrail':
    case 'actiontrail':
    case 'json':
      return frameJsonDocuments(limits);
    case 'kubernetes':
      return frameJsonDocuments(limits, AUDIT_LISTS);
    case 'docker':
    case 'mysql':
      return frameTextOrJson(limits);
    case 'postgresql':
      return framePostgres(limits);
    case 'syslog':
    case 'journald':
    case 'access':
      return frameLines(limits);
  }
}

/** `EventList` of audit.k8s.io has them in `items`, behind an object of its own. */
const AUDIT_LISTS = { wrapping: new Set(['items']), allowsObjectsBefore: true };
