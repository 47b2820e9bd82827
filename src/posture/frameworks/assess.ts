import { createHash } from 'node:crypto';
import type { Finding } from '#model/finding.ts';
import type { Clause, Framework } from './catalog.ts';

/**
 * `satisfied`: every answer is a pass. `not_satisfied`: at least one fails. `unknown`: none fails, but one cannot be told.
 * `no_data`: it is automatic and nothing of this scan speaks of it. `manual` and `elsewhere` are never counted as met.
 */
export type ClauseStatus = 'satisfied' | 'not_satisfied' | 'unknown' | 'no_data' | 'manual' | 'elsewhere';

export interface ClauseResult {
  readonly clause: Clause;
  readonly status: ClauseStatus;
  readonly failed: readonly Finding[];
  readonly unknown: readonly Finding[];
  readonly passed: number;
  /** SHA-256 of the findings that decided it, as `findingLine` writes them, in their order; absent where none did. */
  readonly evidence: string | undefined;
}

/**
 * The answer to each clause of a framework, from the findings of one scan. Advice (informational) decides nothing, unless
 * the clause names the check: then that is what it asks for.
 */
export function assess(framework: Framework, findings: readonly Finding[]): readonly ClauseResult[] {
  const byControl = new Map<string, Finding[]>();
  const byCheck = new Map<string, Finding[]>();
  for (const finding of findings) {
    if (finding.verdict === 'not_applicable') continue;
    push(byCheck, finding.check, finding);
    if (finding.severity === 'informational') continue;
    for (const control of finding.controls) push(byControl, control, finding);
  }
  return framework.clauses.map((clause) => {
    if (clause.assessment !== 'automatic') {
      return { clause, status: clause.assessment, failed: [], unknown: [], passed: 0, evidence: undefined };
    }
    const speaking = new Set([
      ...clause.controls.flatMap((control) => byControl.get(control) ?? []),
      ...clause.checks.flatMap((check) => byCheck.get(check) ?? []),
    ]);
    const failed = [...speaking].filter(({ verdict }) => verdict === 'fail');
    const unknown = [...speaking].filter(({ verdict }) => verdict === 'unknown');
    return {
      clause,
      status: statusOf(speaking.size, failed.length, unknown.length),
      failed,
      unknown,
      passed: speaking.size - failed.length - unknown.length,
      evidence: speaking.size === 0 ? undefined : hashOf([...speaking]),
    };
  });
}

/** One finding as it is hashed: what was asked of what, and the answer. */
export function findingLine({ check, verdict, resource, reason }: Finding): string {
  return `${JSON.stringify([check, verdict, resource.type, resource.id, resource.file ?? '', resource.line ?? 0, reason ?? ''])}\n`;
}

function statusOf(all: number, failed: number, unknown: number): ClauseStatus {
  if (all === 0) return 'no_data';
  if (failed > 0) return 'not_satisfied';
  return unknown > 0 ? 'unknown' : 'satisfied';
}

function hashOf(findings: readonly Finding[]): string {
  const hash = createHash('sha256');
  for (const line of findings.map(findingLine).sort()) hash.update(line);
  return hash.digest('hex');
}

function push(map: Map<string, Finding[]>, key: string, finding: Finding): void {
  const list = map.get(key);
  if (list === undefined) map.set(key, [finding]);
  else list.push(finding);
}
