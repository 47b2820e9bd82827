import { relative } from 'node:path';
import type { SigmaCorrelation, SigmaRule } from '@bartizan/sigma';
import type { z } from 'zod';
import type { ruleEntrySchema, rulePageSchema } from '#api/rule-schemas.ts';
import type { RuleCatalogService } from '#api/services.ts';
import { type RuleSet, ruleKey } from '#detect/index.ts';
import { BartizanError } from '#kit/errors.ts';
import type { StateStore } from '#store/state-store.ts';
import { SHOWN_PER_RULE_AND_HOUR } from './alert-placing.ts';
import { bundledRuleFolders, CONTENT_FOLDER, type ContentFile } from './content.ts';

/** What there is to say of a rule that runs, without how often it fired. */
export type CatalogRule = Omit<z.infer<typeof rulePageSchema>, 'fired' | 'heldBack' | 'text'> & {
  readonly groupBy: readonly string[];
  readonly line: number;
};

export interface CatalogOptions {
  /** Of the set that runs, from whoever runs it. */
  readonly read: () => Promise<readonly CatalogRule[]>;
  /** Changes whenever the set does. */
  readonly hash: () => string;
  readonly files: () => readonly ContentFile[];
  readonly state: Pick<StateStore, 'alerts'>;
  readonly clock: () => number;
}

const FIRED_SPAN_MS = 30 * 86_400_000;
const HELD_BACK_SPAN_MS = 86_400_000;
const MAX_TEXT_LENGTH = 64 * 1024;

/** The rules that run, as people read them: what each looks for, where it comes from, and how often it fired. */
export function createRuleCatalog({ read, hash, files, state, clock }: CatalogOptions): RuleCatalogService & {
  causeOf(ruleId: string): Promise<readonly string[] | undefined>;
} {
  let known: { readonly hash: string; readonly rules: Promise<ReadonlyMap<string, CatalogRule>> } | undefined;

  function catalog(): Promise<ReadonlyMap<string, CatalogRule>> {
    const current = hash();
    if (known?.hash !== current) {
      const asked = read().then((rules) => new Map(rules.map((rule) => [rule.id, rule])));
      known = { hash: current, rules: asked };
      // Whoever runs the rules is being started: it is asked again.
      asked.catch(() => {
        if (known?.rules === asked) known = undefined;
      });
    }
    return known.rules;
  }

  async function counts() {
    const nowMs = clock();
    const [fired, heldBack] = await Promise.all([
      state.alerts.firedSince(nowMs - FIRED_SPAN_MS),
      state.alerts.heldBack(nowMs - HELD_BACK_SPAN_MS),
    ]);
    const held = new Map(heldBack.map(({ ruleId, count }) => [ruleId, count]));
    return (id: string) => ({
      fired: fired.get(id) ?? { shown: 0, putAway: 0 },
      heldBack: held.get(id) ?? 0,
    });
  }

  return {
    async list() {
      const [rules, countsOf] = await Promise.all([catalog(), counts()]);
      const items = [...rules.values()].map((rule) => ({ ...entryOf(rule), ...countsOf(rule.id) }));
      return { items, capPerHour: SHOWN_PER_RULE_AND_HOUR };
    },
    async get(id) {
      const [rules, countsOf] = await Promise.all([catalog(), counts()]);
      const rule = rules.get(id);
      if (!rule) throw new BartizanError('BTZ_NOT_FOUND', { what: 'rule of that name that runs' });
      const { line, groupBy: _, ...page } = rule;
      const source = files().find(({ path }) => shownPath(path) === rule.file);
      return { ...page, ...countsOf(id), text: source ? documentAt(source.text, line) : '' };
    },
    // Where nobody can say it, nothing is taken for granted.
    causeOf: (ruleId) =>
      catalog().then(
        (rules) => rules.get(ruleId)?.groupBy,
        () => undefined,
      ),
  };
}

/** What a set has to say of its rules, by the one who runs it. */
export function catalogOf({ rules, correlations, details }: RuleSet): readonly CatalogRule[] {
  const keys = new Map([...rules, ...correlations].map((rule) => [rule.id, ruleKey(rule)]));
  return [...rules, ...correlations].flatMap((rule) => {
    const known = details.get(rule);
    if (!known) return [];
    const { info, alerts } = known;
    return [
      {
        id: ruleKey(rule),
        title: info.title,
        level: info.level,
        attack: [...info.attack],
        kind: isCorrelation(rule) ? ('correlation' as const) : ('rule' as const),
        source: sourceOf(rule),
        alerts,
        isOwn: !bundledRuleFolders().some((folder) => rule.file.startsWith(folder)),
        file: shownPath(rule.file),
        line: rule.line,
        description: rule.description,
        reason: info.reason,
        advice: info.advice,
        falsePositives: [...rule.falsepositives],
        references: [...rule.references],
        feeds: isCorrelation(rule) ? rule.rules.map((name) => keys.get(name) ?? name) : [],
        timespanMs: isCorrelation(rule) ? rule.timespanMs : undefined,
        groupBy: [...info.groupBy],
        blocks: info.respond !== undefined,
      },
    ];
  });
}

function entryOf(rule: CatalogRule): Omit<z.infer<typeof ruleEntrySchema>, 'fired' | 'heldBack'> {
  const { id, title, level, attack, kind, source, alerts, isOwn } = rule;
  return { id, title, level, attack, kind, source, alerts, isOwn };
}

function isCorrelation(rule: SigmaRule | SigmaCorrelation): rule is SigmaCorrelation {
  return 'timespanMs' in rule;
}

function sourceOf(rule: SigmaRule | SigmaCorrelation): string {
  if (isCorrelation(rule)) return rule.type;
  const { product, service, category } = rule.logsource;
  return [product, service, category].filter((part) => part !== undefined).join(' / ');
}

function shownPath(path: string): string {
  return path.startsWith(CONTENT_FOLDER) ? relative(CONTENT_FOLDER, path) : path;
}

/** Of a file that holds several documents, the one that begins at a line (from 1), with the remarks in front of it. */
function documentAt(text: string, line: number): string {
  const lines = text.split(/\r?\n/);
  const isEdge = (at: number) => /^(?:---|\.\.\.)(?:\s|$)/.test(lines[at] ?? '');
  let from = Math.min(line, lines.length) - 1;
  while (from > 0 && !isEdge(from - 1)) from -= 1;
  let to = line;
  while (to < lines.length && !isEdge(to)) to += 1;
  return lines.slice(from, to).join('\n').trim().slice(0, MAX_TEXT_LENGTH);
}
