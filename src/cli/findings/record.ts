import { join } from 'node:path';
import type { Finding } from '#model/finding.ts';
import { readFrameworks } from '#posture/frameworks/read.ts';
import { type ScanRun, toScanResult } from '#posture/scan-result.ts';
import { CONTENT_FOLDER } from '#server/content.ts';
import { askCentre } from '../centre-client.ts';

/**
 * Gives a scan to the running centre: its score, history, frameworks and road map are made of what it was given last.
 * Throws BTZ_NOT_RUNNING.
 *
 * @param data folder of the centre, if it is not the usual one
 * @returns the id under which the centre keeps it.
 */
export async function recordScan(
  data: string | undefined,
  run: ScanRun,
  findings: readonly Finding[],
): Promise<string> {
  const { frameworks } = readFrameworks(join(CONTENT_FOLDER, 'frameworks'));
  const result = toScanResult(run, findings, frameworks.values());
  return (await askCentre<{ id: string }>(data, 'POST', '/posture/scans', result)).id;
}
