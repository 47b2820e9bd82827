import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { ruleKey } from '#detect/index.ts';
import type { Alert, Bilingual } from '#model/alert.ts';
import { alertsOfCases, readRuleCases } from '../../src/cli/rule-cases.ts';
import { readContent, ruleFileOf } from '../../src/cli/rules.ts';

/** In columns, of which a Chinese character takes two: two lines of a phone's lock screen. */
const LONGEST_TITLE = 64;
const LONGEST_TEXT = { zh: 400, en: 900 } as const;

const here = (path: string): string => fileURLToPath(new URL(path, import.meta.url));
const content = readContent([here('../../content/rules'), here('../../content/correlations')]);
const shown = readShown();

/** For every rule that alerts, the alerts that its own cases raise. */
function readShown(): ReadonlyMap<string, readonly Alert[]> {
  const found = new Map<string, Alert[]>();
  for (const [path, text] of content.caseFiles) {
    const file = ruleFileOf(path);
    const own = [...content.ruleSet.rules, ...content.ruleSet.correlations]
      .filter((rule) => rule.file === file && content.ruleSet.details.get(rule)?.alerts === true)
      .map(ruleKey);
    for (const { alerts } of alertsOfCases(content.ruleSet, file, readRuleCases(text)))
      for (const alert of alerts)
        if (own.includes(alert.rule.id)) found.set(alert.rule.id, [...(found.get(alert.rule.id) ?? []), alert]);
  }
  return found;
}

function complain(
  check: (alert: Alert, part: 'title' | 'reason' | 'advice', text: Bilingual) => readonly string[],
): string[] {
  const problems = new Set<string>();
  for (const [rule, alerts] of shown)
    for (const alert of alerts)
      for (const part of ['title', 'reason', 'advice'] as const) {
        const text = part === 'title' ? alert.rule.title : alert[part];
        for (const problem of check(alert, part, text)) problems.add(`${rule} ${part}: ${problem}`);
      }
  return [...problems];
}

/** What came from the log is not our wording: values of entities are taken out, longest first, and so is code. */
function ownWords(alert: Alert, text: string): string {
  const values = Object.values(alert.entities).sort((a, b) => b.length - a.length);
  const words = values.reduce((left, value) => (value.length < 2 ? left : left.replaceAll(value, '§')), text);
  return words.replace(/`[^`]*`|acs:ram::/g, '§');
}

describe('the texts of alerts, filled from the cases of their rules', () => {
  test('are there for every rule that alerts', () => {
    const silent = [...content.ruleSet.rules, ...content.ruleSet.correlations]
      .filter((rule) => content.ruleSet.details.get(rule)?.alerts === true)
      .map(ruleKey)
      .filter((name) => !shown.has(name));
    console.log(`${shown.size} rules, ${[...shown.values()].flat().length} alerts`);
    expect(silent).toEqual([]);
  });

  test('have nothing unfilled, empty or doubled', () => {
    const faults = [
      /(?<!\w)[{[【（(]\s*[}\]】）)]/,
      /\{[a-z_]+\}|\[[^\]]*§[^\]]*\]/,
      / {2}|^\s|\s$/,
      /[，。；：、！？]{2}|\s[，。；：、！？]|(?<!:)[,;!?:]{2}(?!:)|(?<!\.)\.\.(?!\.)|\s[,.;:!?](?=\s|$)/,
      /[，；：、,;:]$/,
      /undefined|NaN|\[object/,
      /\b1 (?:times|requests|machines|requests? that (?:carry|try))\b/,
    ];
    const problems = complain((alert, _part, text) =>
      (['zh', 'en'] as const).flatMap((language) => {
        const words = ownWords(alert, text[language]);
        return faults.filter((fault) => fault.test(words)).map((fault) => `${fault} in “${words}”`);
      }),
    );
    expect(problems).toEqual([]);
  });

  test('say nothing unknown in the case that the rule is written for', () => {
    const problems: string[] = [];
    for (const [rule, alerts] of shown)
      for (const language of ['zh', 'en'] as const)
        if (alerts.every(({ reason, advice }) => /（未知）|\(unknown\)/.test(reason[language] + advice[language])))
          problems.push(`${rule}: ${alerts[0]?.reason[language]} | ${alerts[0]?.advice[language]}`);
    expect(problems).toEqual([]);
  });

  test('are Chinese in Chinese and English in English', () => {
    const problems = complain((alert, part, text) => {
      const zh = ownWords(alert, text.zh);
      const en = ownWords(alert, text.en);
      // Six English words in a row are a sentence that nobody translated; names of calls and commands are shorter.
      const isUntranslated = /(?:\b[A-Za-z][a-z']+[ ,]+){6,}/.test(zh) || !/\p{Script=Han}/u.test(zh);
      return [
        ...(isUntranslated ? [`English in “${zh}”`] : []),
        ...(/\p{Script=Han}|[，。；：、！？（）]/u.test(en) ? [`Chinese in “${en}”`] : []),
        ...(part !== 'title' && !/[。！？）”]$/.test(zh) ? [`no end in “${zh}”`] : []),
        ...(part !== 'title' && !/[.!?)”"]$/.test(en) ? [`no end in “${en}”`] : []),
      ];
    });
    expect(problems).toEqual([]);
  });

  test('are short enough for the place where they are read', () => {
    const problems = complain((alert, part, text) =>
      (['zh', 'en'] as const).flatMap((language) => {
        const length = part === 'title' ? columns(text[language]) : ownWords(alert, text[language]).length;
        const most = part === 'title' ? LONGEST_TITLE : LONGEST_TEXT[language];
        return length <= most ? [] : [`${length} characters of at most ${most}: ${text[language]}`];
      }),
    );
    expect(problems).toEqual([]);
  });
});

function columns(text: string): number {
  return text.replace(/[^\x20-\x7e]/g, '§§').length;
}
