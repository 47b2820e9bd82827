import { readFile } from 'node:fs/promises';

import { type VerifyReport, verifyEvidence } from '#audit/index.ts';
import { toBartizanError } from '#kit/errors.ts';

export interface LogVerifyOptions {
  /** A checkpoint file kept from before: the log must have grown from it. */
  readonly checkpoint?: string;
  /** A file with the verifier key, from a place that is trusted. */
  readonly key?: string;
  readonly format?: 'table' | 'json';
}

/**
 * `./bartizan log verify FOLDER`: prints one result, the problems one to a line.
 *
 * @returns 0 verified, 1 tampered with; unreadable input is thrown (BTZ_INPUT_UNREADABLE: exit 2).
 */
export async function logVerify(
  folder: string,
  options: LogVerifyOptions,
  print: (line: string) => void = console.log,
): Promise<0 | 1> {
  const verifierKey = options.key === undefined ? undefined : await readKey(options.key);
  const report = await verifyEvidence(folder, { checkpointFile: options.checkpoint, verifierKey });
  for (const line of options.format === 'json' ? [JSON.stringify(report)] : describe(report)) print(line);
  return report.verdict === 'verified' ? 0 : 1;
}

async function readKey(path: string): Promise<string> {
  try {
    return await readFile(path, 'utf8');
  } catch (thrown) {
    throw toBartizanError(thrown, 'BTZ_INPUT_UNREADABLE', { path });
  }
}

function describe(report: VerifyReport): readonly string[] {
  const leaves = `${report.size} ${report.size === 1 ? 'leaf' : 'leaves'} of ${report.origin}${period(report)}`;
  if (report.verdict === 'verified') {
    const grown = report.comparedWith ? `, grown from the older checkpoint of ${report.comparedWith.size}` : '';
    const hints = report.keyFrom === 'folder' ? [KEY_HINT] : [];
    return [`VERIFIED: ${leaves}${grown}; root ${report.rootHash}`, ...hints];
  }
  const unsaid = report.problemCount - report.problems.length;
  return [
    `TAMPERED: ${leaves}; ${report.problemCount} ${report.problemCount === 1 ? 'problem' : 'problems'}:`,
    ...report.problems.map(({ message }) => `  ${message}`),
    ...(unsaid > 0 ? [`  … and ${unsaid} more`] : []),
    'Keep this copy, compare it with another, and treat the machine as tampered with.',
  ];
}

const KEY_HINT =
  'The key came with the log. Give the one that you kept elsewhere with --key FILE, and an older checkpoint with --checkpoint FILE, to be sure that nobody wrote the whole log anew.';

function period({ firstTimeMs, lastTimeMs }: VerifyReport): string {
  const [from, to] = [firstTimeMs, lastTimeMs].map((timeMs) =>
    timeMs !== undefined && Math.abs(timeMs) <= 8.64e15 ? new Date(timeMs).toISOString() : undefined,
  );
  return from && to ? ` (${from} to ${to})` : '';
}
