import { type EvidenceLog, type EvidenceLogOptions, openEvidenceLog, recordInQueueOnly } from '#audit/index.ts';
import { BartizanError, type ErrorCode } from '#kit/errors.ts';

/** What is wrong with the log itself. Anything else (a full disk, a dead database) is a reason not to start. */
const BROKEN: ReadonlySet<ErrorCode> = new Set([
  'BTZ_EVIDENCE_INVALID',
  'BTZ_EVIDENCE_KEY_MISSING',
  'BTZ_EVIDENCE_KEY_INVALID',
]);

/**
 * Opens the evidence log and lets it run. One that was tampered with does not keep the centre from watching, for then
 * whoever tampers could switch it off: it says so, loudly, goes on recording into the queue, and leaves the tree as found.
 */
export async function startEvidence(
  options: EvidenceLogOptions,
  onProblem: (problem: string) => void,
): Promise<EvidenceLog> {
  let log: EvidenceLog | undefined;
  try {
    log = await openEvidenceLog(options);
    await log.start();
    return log;
  } catch (thrown) {
    if (!(thrown instanceof BartizanError && BROKEN.has(thrown.code))) throw thrown;
    onProblem(`${thrown.message} ${thrown.remedy} New evidence is kept in the state database meanwhile.`);
    return log ?? recordInQueueOnly(options.state, thrown, options.clock);
  }
}
