import type { Level, RuleEntry } from '../../api/shapes.ts';
import { LEVELS } from '../../api/shapes.ts';

export interface RuleFilter {
  readonly text: string;
  readonly minLevel: Level | undefined;
  readonly source: string | undefined;
  readonly onlyFired: boolean;
  readonly onlyOwn: boolean;
}

/** The rules that fit, those that fired most first, then the gravest. */
export function filterRules(rules: readonly RuleEntry[], filter: RuleFilter): readonly RuleEntry[] {
  const words = filter.text.toLowerCase().split(/\s+/).filter(Boolean);
  const least = filter.minLevel === undefined ? 0 : LEVELS.indexOf(filter.minLevel);
  return rules
    .filter((rule) => {
      if (LEVELS.indexOf(rule.level) < least) return false;
      if (filter.source !== undefined && rule.source !== filter.source) return false;
      if (filter.onlyFired && firedOf(rule) === 0) return false;
      if (filter.onlyOwn && !rule.isOwn) return false;
      const said = `${rule.id} ${rule.title.zh} ${rule.title.en} ${rule.attack.join(' ')}`.toLowerCase();
      return words.every((word) => said.includes(word));
    })
    .sort(
      (a, b) =>
        firedOf(b) - firedOf(a) ||
        LEVELS.indexOf(b.level) - LEVELS.indexOf(a.level) ||
        (a.id < b.id ? -1 : a.id > b.id ? 1 : 0),
    );
}

/** The sources that there are, each once. */
export function sourcesOf(rules: readonly RuleEntry[]): readonly string[] {
  return [...new Set(rules.map(({ source }) => source))].sort();
}

function firedOf({ fired }: RuleEntry): number {
  return fired.shown + fired.putAway;
}
