import { scalarText } from '../match/fields.ts';
import { Refusal, refuse, under } from '../refusal.ts';
import {
  LEVELS,
  type Level,
  type LogSource,
  type RuleProblem,
  type SigmaCorrelation,
  type SigmaFilter,
  type SigmaRule,
} from '../rule.ts';
import { parseCorrelation } from './correlation.ts';
import { isMap, parseDetection } from './detection.ts';
import { readDocuments } from './document.ts';
import { type ParseOptions } from './terms.ts';

export interface ParsedRules {
  readonly rules: readonly SigmaRule[];
  readonly correlations: readonly SigmaCorrelation[];
  /** Still to be put into the rules, by `applyFilters`, once all files are read. */
  readonly filters: readonly SigmaFilter[];
  readonly problems: readonly RuleProblem[];
}

/**
 * Reads a file of Sigma documents: detection rules, correlations and filters, in any order.
 *
 * Never throws on what a file holds: a document that is wrong is left out and named in `problems`, with its line and what
 * to write instead; the others are taken.
 *
 * @param file how the file is named in problems.
 */
export function parseRules(text: string, file: string, options: Partial<ParseOptions> = {}): ParsedRules {
  const { documents, problems } = readDocuments(text, file);
  const rules: SigmaRule[] = [];
  const correlations: SigmaCorrelation[] = [];
  const filters: SigmaFilter[] = [];
  const settings: ParseOptions = { placeholders: options.placeholders ?? {} };
  for (const document of documents) {
    try {
      const about = readAbout(document.data, file, document.line);
      const data = document.data as Record<string, unknown>;
      if (isMap(data.correlation)) {
        const section = data.correlation;
        correlations.push({ ...about, ...under('correlation', () => parseCorrelation(section, data)) });
      } else if (isMap(data.filter)) filters.push(parseFilter(about, data, data.filter, settings));
      else rules.push(parseRule(about, data, settings));
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      const ruleId = idOf(document.data);
      problems.push({
        file,
        line: document.lineOf(error.path),
        ...(ruleId !== undefined && { ruleId }),
        problem: error.message,
        suggestion: error.suggestion,
      });
    }
  }
  return { rules, correlations, filters, problems };
}

type About = Omit<SigmaRule, 'logsource' | 'detection'>;

const STANDARD = new Set(
  (
    'title id name related taxonomy status description license references author date modified logsource detection ' +
    'fields falsepositives level tags scope correlation filter generate sigma-version'
  ).split(' '),
);

function idOf(data: unknown): string | undefined {
  if (!isMap(data)) return undefined;
  return [data.id, data.name, data.title].find((value) => typeof value === 'string' && value !== '') as
    | string
    | undefined;
}

function readAbout(data: unknown, file: string, line: number): About {
  if (!isMap(data)) refuse('the document is not a map', 'Begin with `title:`.');
  const title = data.title;
  if (typeof title !== 'string' || title.trim() === '') refuse('the rule has no title', 'Add `title:`.');
  const name = optionalText(data, 'name');
  const status = optionalText(data, 'status');
  const description = optionalText(data, 'description');
  return {
    id: optionalText(data, 'id') ?? name ?? title,
    ...(name !== undefined && { name }),
    ...(status !== undefined && { status }),
    ...(description !== undefined && { description }),
    title,
    level: under('level', () => readLevel(data.level)),
    tags: texts(data.tags),
    falsepositives: texts(data.falsepositives),
    references: texts(data.references),
    custom: Object.fromEntries(Object.entries(data).filter(([key]) => !STANDARD.has(key))),
    file,
    line,
  };
}

function parseRule(about: About, data: Record<string, unknown>, options: ParseOptions): SigmaRule {
  if (data.action !== undefined)
    refuse('`action` documents left the specification with version 2', 'Write each rule out, or use a filter.');
  const logsource = under('logsource', () => readLogSource(data.logsource));
  const detection = under('detection', () => parseDetection(data.detection, options));
  return { ...about, logsource, detection };
}

/** `filter`: like a `detection`, with the rules that it is put into (specification “Sigma Filters”). */
function parseFilter(
  { id, name, title, description, file, line }: About,
  data: Record<string, unknown>,
  section: Record<string, unknown>,
  options: ParseOptions,
): SigmaFilter {
  if (data.detection !== undefined) refuse('a filter has a `detection` too', 'Put its searches under `filter`.');
  const logsource = under('logsource', () => readLogSource(data.logsource));
  const rules = under('filter', () => under('rules', () => readFilteredRules(section.rules)));
  const searches = Object.fromEntries(Object.entries(section).filter(([key]) => key !== 'rules'));
  const detection = under('filter', () => parseDetection(searches, options));
  return {
    id,
    ...(name !== undefined && { name }),
    title,
    ...(description !== undefined && { description }),
    logsource,
    rules,
    detection,
    file,
    line,
  };
}

const MAX_FILTERED = 10_000;

function readFilteredRules(value: unknown): readonly string[] | 'any' {
  const list = Array.isArray(value) ? value : [value];
  if (list.length === 1 && list[0] === 'any') return 'any';
  if (list.length === 0 || !list.every((rule): rule is string => typeof rule === 'string' && rule !== ''))
    refuse('a filter does not say which rules it is for', 'List ids or names under `rules`, or write `rules: any`.');
  if (list.length > MAX_FILTERED) refuse(`a filter names ${list.length} rules`, 'Write `rules: any`.');
  return list;
}

function readLogSource(value: unknown): LogSource {
  if (!isMap(value)) refuse('the rule has no `logsource`', 'Name product, service or category.');
  const source: Record<string, string> = {};
  for (const part of ['product', 'service', 'category']) {
    const named = value[part];
    if (named === undefined || named === null) continue;
    if (typeof named !== 'string') refuse(`\`${part}\` of the log source is not text`, 'Write it in quotes.');
    source[part] = named.toLowerCase();
  }
  if (Object.keys(source).length === 0)
    refuse('the log source names nothing', 'Name at least one of product, service and category.');
  return source;
}

function readLevel(value: unknown): Level {
  if (value === undefined || value === null) return 'medium';
  const level = LEVELS.find((known) => known === value);
  return (
    level ??
    refuse(
      `the level “${(scalarText(value) ?? JSON.stringify(value)).slice(0, 40)}” is unknown`,
      `Use one of ${LEVELS.join(', ')}.`,
    )
  );
}

function optionalText(data: Record<string, unknown>, key: string): string | undefined {
  const value = data[key];
  if (value === undefined || value === null || value === '') return undefined;
  if (typeof value !== 'string' && typeof value !== 'number')
    return under(key, () => refuse(`\`${key}\` is not text`, 'Write it in quotes.'));
  return String(value);
}

function texts(value: unknown): readonly string[] {
  const list = Array.isArray(value) ? value : [value];
  return list.filter((item): item is string => typeof item === 'string');
}
