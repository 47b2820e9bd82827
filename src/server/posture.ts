import { join } from 'node:path';
import { newId } from '#access/secrets.ts';
import type { PostureService } from '#api/services.ts';
import { BartizanError } from '#kit/errors.ts';
import type { ClauseStanding } from '#model/scan.ts';
import { assess } from '#posture/frameworks/assess.ts';
import type { Clause, Framework } from '#posture/frameworks/catalog.ts';
import { type Frameworks, readFrameworks } from '#posture/frameworks/read.ts';
import { bilingualReason } from '#posture/reasons.ts';
import { type Answers, answersSchema } from '#posture/score/measures.ts';
import { roadMap, type Step } from '#posture/score/roadmap.ts';
import type { StateStore } from '#store/state-store.ts';
import { CONTENT_FOLDER } from './content.ts';

const ANSWERS_SETTING = 'postureAnswers';
/** Of each target: how many scans are kept for the history, and how many with their findings. */
const KEPT_SCANS = 200;
const KEPT_FINDINGS = 5;
const HISTORY = 60;
const SHOWN_RESOURCES = 20;
/** Until the three questions are answered: what most who run a shop on the internet have. */
const ASSUMED: Answers = { owns: ['servers', 'databases', 'files', 'accounts'], faces: ['website'], laws: [] };
/** What the road map looks at: more than anybody mends in a year. */
const PAGE = 1_000;

/** Worst first: with several targets the worst answer is the clause's. */
const WORST_FIRST: readonly ClauseStanding['status'][] = [
  'not_satisfied',
  'unknown',
  'satisfied',
  'no_data',
  'manual',
  'elsewhere',
];

/** Weak spots as the console and others ask for them. Frameworks are read when somebody first does. */
export function createPosture({ state, clock }: { state: StateStore; clock: () => number }): PostureService {
  let content: Frameworks | undefined;
  const frameworks = (): Frameworks => {
    content ??= readFrameworks(join(CONTENT_FOLDER, 'frameworks'));
    return content;
  };
  const clauseOf = (framework: string, key: string): Clause => {
    const found = frameworks()
      .frameworks.get(framework)
      ?.clauses.find((one) => one.key === key);
    if (found === undefined) throw new BartizanError('BTZ_NOT_FOUND', { what: `clause ${key} of ${framework}` });
    return found;
  };
  const latest = async (): Promise<readonly Standings[]> => {
    const found = await Promise.all((await state.scans.latest()).map(({ id }) => state.scans.find(id)));
    return found
      .filter((scan) => scan !== undefined)
      .map(({ id, clauses }) => ({
        scanId: id,
        of: new Map(clauses.map((one) => [keyOf(one.framework, one.clause), one])),
      }));
  };
  const answers = async (): Promise<Answers | undefined> =>
    answersSchema.safeParse(await state.settings.get(ANSWERS_SETTING)).data;

  const service: PostureService = {
    async keep({ scan, findings }, actor) {
      const id = newId();
      const { kind, target, score, atWorst, counts, evidence, problemCount } = scan;
      const details = { kind, target, score, atWorst, counts, findings: evidence, problems: problemCount };
      await state.transaction(async (queries) => {
        await queries.evidence.append([{ timeMs: clock(), kind: 'posture.scanned', actor, subject: id, details }]);
        await queries.scans.insert({ ...scan, id, actor }, findings);
        await queries.scans.prune(target, KEPT_SCANS, KEPT_FINDINGS);
      });
      return { id };
    },

    scans: (filter) => state.scans.list(filter),

    async scan(id) {
      const scan = await state.scans.find(id);
      if (scan === undefined) throw new BartizanError('BTZ_NOT_FOUND', { what: `scan ${id}` });
      return scan;
    },

    async findings({ scan, target, framework, clause, ...filter }) {
      const scans = scan === undefined ? await state.scans.latest() : [{ id: scan, target }];
      const scanIds = scans.filter((one) => target === undefined || one.target === target).map(({ id }) => id);
      const about = framework === undefined || clause === undefined ? undefined : clauseOf(framework, clause);
      // Advice decides no clause.
      const decides = about && ({ about, minLevel: filter.minLevel ?? 'low' } as const);
      const { items, total } = await state.scans.findings({ ...filter, ...decides, scanIds });
      const { controls } = frameworks();
      const said = items.map((finding) => ({
        ...finding,
        why: finding.reason === undefined ? undefined : bilingualReason(finding.reason),
        about: finding.controls.flatMap((id) => {
          const control = controls.get(id);
          return control === undefined ? [] : [{ zh: control.zh, en: control.en }];
        }),
      }));
      return { items: said, total };
    },

    async score() {
      const targets = (await state.scans.latest()).map(async (scan) => {
        const deductions = (await state.scans.find(scan.id))?.deductions ?? [];
        const history = await state.scans.list({ target: scan.target, limit: HISTORY });
        return { scan, deductions, history: history.map(({ endedMs, score }) => ({ endedMs, score })).toReversed() };
      });
      return { targets: await Promise.all(targets) };
    },

    async frameworks() {
      const scans = await latest();
      const { frameworks: all, templates } = frameworks();
      const rows = (kind: 'framework' | 'template', some: Iterable<Framework>) =>
        [...some].map((one) => {
          const standing = countsOf(one.clauses.map((clause) => standingOf(clause, scans).status));
          const { id, title, suits } = one;
          return { id, kind, title, clauses: one.clauses.length, suits: suits && { ...suits }, standing };
        });
      return { items: [...rows('framework', all.values()), ...rows('template', templates.values())] };
    },

    async framework(id) {
      const found = frameworks().frameworks.get(id) ?? frameworks().templates.get(id);
      if (found === undefined) throw new BartizanError('BTZ_NOT_FOUND', { what: `framework ${id}` });
      const scans = await latest();
      const clauses = found.clauses.map((clause) => {
        const { framework, title, groups, guidance, controls } = clause;
        return {
          framework,
          id: clause.id,
          key: clause.key,
          title,
          groups: [...groups],
          guidance,
          controls: [...controls],
          ...standingOf(clause, scans),
        };
      });
      const { title, version, source, suits } = found;
      return {
        id,
        title,
        version,
        source,
        note: suits?.note,
        standing: countsOf(clauses.map(({ status }) => status)),
        clauses,
      };
    },

    async roadMap() {
      const told = await answers();
      const scans = await state.scans.latest();
      const scanIds = scans.map(({ id }) => id);
      const { items } = await state.scans.findings({ scanIds, verdict: 'fail', limit: PAGE });
      const { measures, frameworks: all } = frameworks();
      const laws = told?.laws.flatMap((id) => all.get(id) ?? []) ?? [];
      const map = roadMap(
        items,
        measures,
        told ?? ASSUMED,
        laws.flatMap((law) => assess(law, [])),
      );
      const { today, week, month, year } = map;
      return {
        answers: told,
        scanned: scans.length > 0,
        today: today.map(toStep),
        week: week.map(toStep),
        month: month.map(toStep),
        year: year.map(toStep),
      };
    },

    async answer(told, actor) {
      const timeMs = clock();
      await state.transaction(async (queries) => {
        const details = { from: await queries.settings.get(ANSWERS_SETTING), to: told };
        await queries.evidence.append([{ timeMs, kind: 'setting.changed', actor, subject: ANSWERS_SETTING, details }]);
        await queries.settings.set(ANSWERS_SETTING, told, timeMs);
      });
      return service.roadMap();
    },
  };
  return service;
}

/** What one scan says of each clause. */
interface Standings {
  readonly scanId: string;
  readonly of: ReadonlyMap<string, ClauseStanding>;
}

const keyOf = (framework: string, clause: string): string => `${framework}\n${clause}`;

function standingOf(clause: Clause, scans: readonly Standings[]) {
  const found = scans.flatMap(({ scanId, of }) => {
    const one = of.get(keyOf(clause.framework, clause.key));
    return one === undefined ? [] : [{ scanId, one }];
  });
  const unscanned = clause.assessment === 'automatic' ? 'no_data' : clause.assessment;
  const sum = (name: 'failed' | 'unknown' | 'passed') => found.reduce((total, { one }) => total + one[name], 0);
  return {
    status: WORST_FIRST.find((worst) => found.some(({ one }) => one.status === worst)) ?? unscanned,
    failed: sum('failed'),
    unknown: sum('unknown'),
    passed: sum('passed'),
    evidence: found.flatMap(({ scanId, one: { evidence } }) =>
      evidence === undefined ? [] : [{ scanId, hash: evidence }],
    ),
  };
}

function countsOf(statuses: readonly ClauseStanding['status'][]): Record<ClauseStanding['status'], number> {
  const counts = { satisfied: 0, not_satisfied: 0, unknown: 0, no_data: 0, manual: 0, elsewhere: 0 };
  for (const status of statuses) counts[status] += 1;
  return counts;
}

function toStep({ resources, cost, ...step }: Step) {
  return {
    ...step,
    cost: cost && { kind: cost.kind, note: cost.note },
    resources: resources.slice(0, SHOWN_RESOURCES),
    resourceCount: resources.length,
  };
}
