import { globSync, readFileSync } from 'node:fs';
import { basename } from 'node:path';
import { fileURLToPath } from 'node:url';
import { framerOf, sniffFormat } from '#collect/framing/index.ts';
import { loadRuleSet, type RuleSet } from '#detect/index.ts';
import type { Alert } from '#model/alert.ts';
import { LEVELS, type Level } from '#model/alert.ts';
import type { RawBatch } from '#model/batch.ts';
import type { SourceFormat } from '#model/event.ts';
import { createDetection } from '#pipeline/detection.ts';
import { bundledRuleFolders, readRuleFiles } from '#server/content.ts';

/** Inputs with known answers that other people made; absent on a machine that has only this project. */
export const CORPORA = fileURLToPath(new URL('../../../shared/corpora', import.meta.url));

/** The rules that ship. */
export function shippedRules(): RuleSet {
  return loadRuleSet(readRuleFiles(bundledRuleFolders()));
}

/** Alerts of batches on the path that live records take. Stamps without a zone are UTC. */
export function alertsOf(ruleSet: RuleSet, batches: Iterable<RawBatch>): readonly Alert[] {
  const problems: string[] = [];
  const detection = createDetection(
    ruleSet,
    () => 0,
    (problem) => problems.push(problem),
  );
  const alerts = new Map<string, Alert>();
  let sequence = 0;
  for (const batch of batches) {
    detection.process({ ...batch, sequence: ++sequence });
    // Taken often, as the server does: what has long been silent is forgotten, and memory stays bounded.
    for (const alert of detection.takeChanged()) alerts.set(alert.id, alert);
  }
  if (problems.length > 0) throw new AggregateError(problems, 'The rules stumbled.');
  return [...alerts.values()];
}

/** A file as batches, cut as a collector cuts it. */
export function* batchesOfFile(path: string, format?: SourceFormat, receivedMs = Date.now()): Iterable<RawBatch> {
  const content = readFileSync(path);
  const known = format ?? sniffFormat(content, basename(path));
  const framer = framerOf(known);
  for (const cut of [framer.push(content), framer.end()]) {
    if (cut.ends.length > 0) yield { stream: `file:${path}`, format: known, receivedMs, ...cut };
  }
}

/** Files below a folder of the corpora, in the order of their names. */
export function corpusFiles(pattern: string): readonly string[] {
  return globSync(pattern, { cwd: CORPORA }).sort();
}

export function isAtLeast(level: Level, least: Level): boolean {
  return LEVELS.indexOf(level) >= LEVELS.indexOf(least);
}
