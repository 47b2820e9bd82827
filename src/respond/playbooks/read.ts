import { isAlias, LineCounter, parseDocument, visit } from 'yaml';
import type { z } from 'zod';

import { isJsonObject, MAX_JSON_DEPTH, parseJson } from '#kit/json.ts';

import { PLAYBOOK_LIMITS, type Playbook, playbookSchema } from './model.ts';
import { invalid, type PlaybookProblem } from './problem.ts';

export type ReadPlaybook =
  | { readonly playbook: Playbook; readonly problems: readonly [] }
  | { readonly playbook: undefined; readonly problems: readonly PlaybookProblem[] };

const MAX_PROBLEMS = 50;
const PROTOTYPE_NAMES = new Set(['__proto__', 'constructor', 'prototype']);

/**
 * Reads one CACAO 2.0 playbook, JSON or YAML, from hostile text. Never throws. Only the shape is looked at; whether its
 * steps hang together says `checkPlaybook`.
 *
 * Text above 1 MB, nesting above 64 levels and YAML aliases are refused before anything is built.
 */
export function readPlaybook(text: string): ReadPlaybook {
  if (Buffer.byteLength(text) > PLAYBOOK_LIMITS.textBytes) {
    return refused(invalid(`larger than ${PLAYBOOK_LIMITS.textBytes} bytes`, 'Split it with playbook-action steps.'));
  }
  const read = /^\s*\{/.test(text) ? readJson(text) : readYaml(text);
  if ('problem' in read) return refused(invalid(read.problem, 'Correct the text.'));
  const { value } = read;
  if (!isJsonObject(value)) return refused(invalid('no object', 'A playbook is one object with `type: playbook`.'));
  const hostile = findPrototypeName(value);
  if (hostile) return refused(invalid(`a member is named ${hostile}`, 'Rename it.'));
  const parsed = playbookSchema.safeParse(value);
  if (parsed.success) return { playbook: parsed.data, problems: [] };
  return { playbook: undefined, problems: parsed.error.issues.slice(0, MAX_PROBLEMS).map(asProblem) };
}

function refused(problem: PlaybookProblem): ReadPlaybook {
  return { playbook: undefined, problems: [problem] };
}

type Value = { readonly value: unknown } | { readonly problem: string };

function readJson(text: string): Value {
  const read = parseJson(text);
  return read.ok ? { value: read.value } : { problem: read.problem };
}

function readYaml(text: string): Value {
  if (isIndentedDeeper(text)) return { problem: `nested deeper than ${MAX_JSON_DEPTH} levels` };
  try {
    const lines = new LineCounter();
    const document = parseDocument(text, { lineCounter: lines, uniqueKeys: true, schema: 'core', stringKeys: true });
    const error = document.errors[0] ?? document.warnings[0];
    if (error) return { problem: `line ${lines.linePos(error.pos[0]).line}: ${error.message.split('\n')[0]}` };
    let hasAlias = false;
    visit(document, (_key, node) => {
      if (isAlias(node)) hasAlias = true;
      return hasAlias ? visit.BREAK : undefined;
    });
    if (hasAlias) return { problem: 'it uses YAML aliases; write the values out' };
    return { value: document.toJS({ maxAliasCount: 0 }) };
  } catch (thrown) {
    return { problem: thrown instanceof Error ? thrown.message.slice(0, 200) : 'not YAML' };
  }
}

/** Depth costs one opening or one column of indentation per level, so both bound it from above. */
function isIndentedDeeper(text: string): boolean {
  let openings = 0;
  let deepest = 0;
  for (const character of text) {
    if (character === '[' || character === '{') openings += 1;
    else if ((character === ']' || character === '}') && openings > 0) openings -= 1;
    deepest = Math.max(deepest, openings);
  }
  if (deepest > MAX_JSON_DEPTH) return true;
  return text.split('\n').some((line) => (/^[ \t?:-]*/.exec(line)?.[0].length ?? 0) > MAX_JSON_DEPTH * 4);
}

function findPrototypeName(value: unknown): string | undefined {
  if (Array.isArray(value)) return firstFound(value);
  if (!isJsonObject(value)) return undefined;
  return Object.keys(value).find((name) => PROTOTYPE_NAMES.has(name)) ?? firstFound(Object.values(value));
}

function firstFound(values: readonly unknown[]): string | undefined {
  for (const value of values) {
    const found = findPrototypeName(value);
    if (found) return found;
  }
  return undefined;
}

function asProblem(issue: z.core.$ZodIssue): PlaybookProblem {
  const [first, second, ...rest] = issue.path.map(String);
  const isOfStep = first === 'workflow' && second !== undefined;
  const field = (isOfStep ? rest : issue.path.map(String)).join('.');
  const where = field === '' ? '' : `${field}: `;
  return invalid(
    `${where}${issue.message}`,
    SUGGESTIONS[issue.code] ?? 'See CACAO 2.0.',
    isOfStep ? second : undefined,
  );
}

const SUGGESTIONS: Partial<Record<z.core.$ZodIssue['code'], string>> = {
  invalid_type: 'Give the member the type that CACAO 2.0 says, or add it.',
  invalid_union: `Use one of the step types start, end, action, playbook-action, parallel, if-condition, while-condition, switch-condition.`,
  invalid_value: 'Write the value that is named.',
  invalid_format: 'Write it in the form that is named.',
  too_big: 'Make it smaller.',
  too_small: 'Add what is missing.',
};
