import { parseArgs } from 'node:util';
import { quietDay } from './quiet-day.ts';
import { alertsOf, isAtLeast, shippedRules } from './rig.ts';

/** `node test/quality/quiet-days.ts [--seeds N] [--lines N]`: what the rules say of N ordinary days, for finding what misfires. */
const { values } = parseArgs({
  options: { seeds: { type: 'string', default: '5' }, lines: { type: 'string', default: '100000' } },
});
const ruleSet = shippedRules();
for (let seed = 1; seed <= Number(values.seeds); seed++) {
  const began = performance.now();
  const alerts = alertsOf(ruleSet, quietDay(seed, Number(values.lines)));
  const counts = Object.entries(Object.groupBy(alerts, ({ rule }) => `${rule.level} ${rule.id}`));
  console.log(
    `seed ${seed}: ${alerts.length} alerts, ${alerts.filter(({ rule }) => isAtLeast(rule.level, 'medium')).length} at medium or above, ${Math.round(performance.now() - began)} ms`,
  );
  for (const [name, group = []] of counts.sort())
    console.log(
      `  ${group.length} × ${name}: ${JSON.stringify(group[0]?.entities).slice(0, 160)}\n      ${group[0]?.events[0]?.raw.slice(0, 260)}`,
    );
}
