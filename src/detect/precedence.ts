import type { RuleInfo, Signal } from '#model/signal.ts';

/**
 * Puts the signals of one event in the order in which they are to be told: what tells a story better comes before the
 * rules that are silent beside it (`unless`), whichever of them is called first. Otherwise the order stays.
 */
export function createPrecedence(rules: Iterable<RuleInfo>): (signals: Signal[]) => void {
  const byId = new Map([...rules].map((rule) => [rule.id, rule]));
  const depths = new Map<RuleInfo, number>();

  function depthOf(rule: RuleInfo, path: readonly RuleInfo[]): number {
    const known = depths.get(rule);
    if (known !== undefined) return known;
    // Two rules that each give way to the other: then neither comes first.
    if (path.includes(rule)) return 0;
    const better = (rule.unless ?? []).flatMap((name) => byId.get(name) ?? []);
    const depth = better.length === 0 ? 0 : 1 + Math.max(...better.map((other) => depthOf(other, [...path, rule])));
    depths.set(rule, depth);
    return depth;
  }

  const depthIn = ({ rule }: Signal): number => depths.get(rule) ?? 0;
  const isInOrder = (signals: readonly Signal[]): boolean =>
    signals.every((signal, at) => at === 0 || depthIn(signals[at - 1] as Signal) <= depthIn(signal));

  for (const rule of byId.values()) depthOf(rule, []);
  return (signals) => {
    if (signals.length < 2 || isInOrder(signals)) return;
    signals.sort((one, other) => depthIn(one) - depthIn(other));
  };
}
