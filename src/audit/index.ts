export { type EvidenceLog, type EvidenceLogOptions, type EvidenceStatus, openEvidenceLog } from './evidence-log.ts';
export { recordInQueueOnly } from './queue-only.ts';
export { type VerifyOptions, verifyEvidence } from './verify.ts';
export type { LeafName, VerifyProblem, VerifyProblemKind, VerifyReport } from './verify-report.ts';
