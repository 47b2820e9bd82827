import { readFileSync } from 'node:fs';
import { createTwoFilesPatch } from 'diff';
import { LEVELS } from '#model/alert.ts';
import type { Finding } from '#model/finding.ts';
import type { Resource } from '#model/resource.ts';
import type { Check, CheckSet } from '../checks/index.ts';
import { createHclParser, type HclParser } from '../resources/terraform/hcl/parse.ts';
import type { Block } from '../resources/terraform/hcl/syntax.ts';
import { applyEdits, editsFor } from './terraform-patch.ts';

export interface Repairs {
  /** Unified diff over all files, for `patch -p1` or `git apply`; empty where nothing can be mended so. */
  readonly patch: string;
  /** Findings that a scan of the patched code no longer has. */
  readonly mended: readonly Finding[];
  /** Failing findings for which there is no patch, or none that holds. */
  readonly left: readonly Finding[];
}

/** Reads the tree again with these texts in place of those of the files. */
export type Reload = (instead: ReadonlyMap<string, string>) => Promise<readonly Resource[]>;

/** More than one patch that a person reads. */
const MOST_REPAIRS = 500;
/** What does not hold is taken out and the rest tried again, so often. */
const MOST_TRIES = 4;

/**
 * Proposes a change of Terraform code for what its checks know how to mend. Nothing is proposed that was not tried: the
 * patched code is scanned, and what does not pass then, or makes another check fail, is left out.
 *
 * @param replaces whether repairs are proposed too for which Terraform makes a resource anew
 * @param findings of the scan; only those that fail and stand in a `.tf` file are mended
 */
export async function proposeRepairs(
  findings: readonly Finding[],
  checkSet: CheckSet,
  reload: Reload,
  nowMs: number,
  replaces = false,
): Promise<Repairs> {
  const repairs = new Map(
    checkSet.checks.flatMap(({ id, repair }) =>
      repair && (replaces || repair.replaces !== true) ? [[id, repair] as const] : [],
    ),
  );
  const failed = findings.filter(({ verdict }) => verdict === 'fail');
  const before = new Set(failed.map(keyOf));
  let wanted = failed
    .filter(({ check, resource: { file } }) => repairs.has(check) && file?.endsWith('.tf') === true)
    .toSorted((a, b) => LEVELS.indexOf(b.severity) - LEVELS.indexOf(a.severity))
    .slice(0, MOST_REPAIRS);
  const parser = await createHclParser();
  try {
    for (let tries = 0; tries < MOST_TRIES && wanted.length > 0; tries += 1) {
      const { texts, done } = patchAll(parser, wanted, repairs);
      const after = new Map<string, Finding>();
      for (const finding of checkSet.run(await reload(texts), nowMs)) {
        if (finding.verdict !== 'pass' && finding.verdict !== 'not_applicable') after.set(keyOf(finding), finding);
      }
      const broken = new Set(
        [...after.values()]
          .filter((finding) => finding.verdict === 'fail' && !before.has(keyOf(finding)))
          .map(({ resource }) => resource.id),
      );
      const holding = done.filter((finding) => !after.has(keyOf(finding)) && !broken.has(finding.resource.id));
      if (holding.length === done.length) {
        const mended = new Set(holding.map(keyOf));
        return { patch: patchOf(texts), mended: holding, left: failed.filter((one) => !mended.has(keyOf(one))) };
      }
      wanted = holding;
    }
    return { patch: '', mended: [], left: failed };
  } finally {
    parser.close();
  }
}

/** One repair after the other, each on the text that the one before it left. */
function patchAll(
  parser: HclParser,
  findings: readonly Finding[],
  repairs: ReadonlyMap<string, NonNullable<Check['repair']>>,
): { readonly texts: ReadonlyMap<string, string>; readonly done: readonly Finding[] } {
  const texts = new Map<string, string>();
  const labels = new Map<string, readonly string[] | undefined>();
  const added = new Set<string>();
  const done: Finding[] = [];
  for (const finding of findings) {
    const { file = '', line = 0 } = finding.resource;
    const repair = repairs.get(finding.check);
    const original = texts.get(file) ?? readFileSync(file, 'utf8');
    const place = `${file}:${line}`;
    if (!labels.has(place)) labels.set(place, blockAt(parser, readFileSync(file, 'utf8'), line)?.labels);
    const name = labels.get(place);
    const block = name && resourceNamed(parser, original, name);
    if (!repair || !block || original.includes('\r')) continue;
    // A block with `count` stands for several resources: what is put behind it is put there once.
    const isRepeated = repair.add !== undefined && added.has(`${place} ${finding.check}`);
    const edits = editsFor(isRepeated ? { ...repair, add: undefined } : repair, original.split('\n'), block);
    if (edits === undefined) continue;
    added.add(`${place} ${finding.check}`);
    texts.set(file, applyEdits(original, edits));
    done.push(finding);
  }
  return { texts, done };
}

function blockAt(parser: HclParser, text: string, line: number): Block | undefined {
  return parser.parse(text).body.blocks.find((block) => block.type === 'resource' && block.line === line);
}

function resourceNamed(parser: HclParser, text: string, [type, name]: readonly string[]): Block | undefined {
  return parser
    .parse(text)
    .body.blocks.find(({ type: kind, labels }) => kind === 'resource' && labels[0] === type && labels[1] === name);
}

function patchOf(texts: ReadonlyMap<string, string>): string {
  return [...texts]
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .map(([file, text]) => {
      const path = file.replace(/^\/+/, '');
      return createTwoFilesPatch(`a/${path}`, `b/${path}`, readFileSync(file, 'utf8'), text, '', '');
    })
    .join('')
    .replaceAll(/^=+\n/gm, '');
}

function keyOf({ check, resource }: Finding): string {
  return `${check}\n${resource.id}`;
}
