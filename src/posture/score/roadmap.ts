import type { Bilingual, Level } from '#model/alert.ts';
import type { Finding } from '#model/finding.ts';
import type { ClauseResult } from '../frameworks/assess.ts';
import type { Answers, Effort, Measure } from './measures.ts';

/** Three things for today; then what to do this week, this month, this year. */
export type RoadMap = Readonly<Record<Horizon, readonly Step[]>>;
export const HORIZONS = ['today', 'week', 'month', 'year'] as const;
export type Horizon = (typeof HORIZONS)[number];

export interface Step {
  /** Id of the check, of the control, or of the clause it comes from. */
  readonly id: string;
  readonly from: 'finding' | 'measure' | 'clause';
  readonly title: Bilingual;
  readonly what: Bilingual;
  readonly severity: Level;
  readonly effort: Effort;
  readonly cost: Measure['cost'] | undefined;
  readonly free: Bilingual | undefined;
  /** The resources that it concerns; empty for what no scan has seen. */
  readonly resources: readonly Finding['resource'][];
}

const THINGS_FOR_TODAY = 3;
const DANGER: Readonly<Record<Level, number>> = { critical: 1_000, high: 200, medium: 40, low: 5, informational: 1 };
/** What can be done in minutes comes before what takes days, if both are as dangerous. */
const EASE: Readonly<Record<Effort, number>> = { minutes: 1.5, hours: 1, days: 0.6 };
const BY_WEIGHT: readonly Level[] = ['informational', 'informational', 'low', 'medium', 'high', 'high'];

/**
 * Orders what there is to do by danger, exposure and ease.
 *
 * @param findings of the last scan; only those that fail count. Without any, the measures for what the owner has are the list
 * @param clauses of the laws that apply: what they ask of people is for this year
 */
export function roadMap(
  findings: readonly Finding[],
  measures: ReadonlyMap<string, Measure>,
  answers: Answers,
  clauses: readonly ClauseResult[],
): RoadMap {
  const found = fromFindings(findings, measures);
  const met = new Set(findings.flatMap(({ controls }) => controls));
  const ranked = [...found, ...fromMeasures(measures, answers, met)].sort((a, b) => b.rank - a.rank);
  // Today is for what is dangerous and can be done today.
  const today = ranked.filter(({ step }) => step.effort !== 'days').slice(0, THINGS_FOR_TODAY);
  const rest = ranked.filter((one) => !today.includes(one)).map(({ step }) => step);
  const isUrgent = ({ severity }: Step) => severity === 'critical' || severity === 'high';
  return {
    today: today.map(({ step }) => step),
    week: rest.filter(isUrgent),
    month: rest.filter(({ severity }) => severity === 'medium'),
    year: [...rest.filter((step) => !isUrgent(step) && step.severity !== 'medium'), ...fromClauses(clauses)],
  };
}

interface Ranked {
  readonly step: Step;
  readonly rank: number;
}

function fromFindings(findings: readonly Finding[], measures: ReadonlyMap<string, Measure>): readonly Ranked[] {
  const byCheck = new Map<string, Finding[]>();
  for (const finding of findings) {
    if (finding.verdict !== 'fail') continue;
    const list = byCheck.get(finding.check);
    if (list === undefined) byCheck.set(finding.check, [finding]);
    else list.push(finding);
  }
  return [...byCheck.values()].map((list) => {
    const { check, title, fix, severity, controls } = list[0] as Finding;
    const measure = controls.map((control) => measures.get(control)).find((one) => one !== undefined);
    const effort = measure?.effort ?? 'hours';
    const exposed = controls.some((control) => control.startsWith('exposure.')) ? 2 : 1;
    return {
      step: {
        id: check,
        from: 'finding',
        title,
        what: fix,
        severity,
        effort,
        cost: measure?.cost,
        free: measure?.free,
        resources: list.map(({ resource }) => resource),
      },
      rank: DANGER[severity] * exposed * EASE[effort] * (1 + Math.log10(list.length)),
    };
  });
}

/** What the owner should have and no scan spoke of. */
function fromMeasures(
  measures: ReadonlyMap<string, Measure>,
  answers: Answers,
  spokenOf: ReadonlySet<string>,
): readonly Ranked[] {
  return [...measures.values()]
    .filter(({ control }) => !spokenOf.has(control))
    .filter(({ owns }) => owns === undefined || owns.some((one) => answers.owns.includes(one)))
    .filter(({ faces }) => faces === undefined || faces.some((one) => answers.faces.includes(one)))
    .map((measure) => {
      const severity = BY_WEIGHT[measure.weight] ?? 'low';
      const { control, action, effort, cost, free } = measure;
      return {
        step: {
          id: control,
          from: 'measure',
          title: action,
          what: action,
          severity,
          effort,
          cost,
          free,
          resources: [],
        },
        // Below a finding of the same severity: that one was seen.
        rank: (DANGER[severity] * EASE[effort]) / 2,
      };
    });
}

function fromClauses(clauses: readonly ClauseResult[]): readonly Step[] {
  return clauses
    .filter(({ status }) => status === 'manual')
    .map(({ clause }) => ({
      id: clause.id,
      from: 'clause',
      title: clause.title,
      what: clause.guidance ?? clause.title,
      severity: 'low',
      effort: 'days',
      cost: undefined,
      free: undefined,
      resources: [],
    }));
}
