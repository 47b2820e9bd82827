import type { z } from 'zod';
import type { overviewSchema } from '#api/schemas.ts';
import { BartizanError } from '#kit/errors.ts';
import type { IntakeStatus } from './intake.ts';
import type { LakeService } from './lake.ts';
import type { RulesStatus } from './rules.ts';

type Todo = z.infer<typeof overviewSchema>['todo'][number];

const MOST_CHARACTERS = 400;

export interface HealthFacts {
  readonly intake: Pick<IntakeStatus, 'problem'>;
  readonly isDetectionRunning: boolean;
  readonly lake: Pick<LakeService, 'state' | 'problem'>;
  /** What is wrong with the rule files. */
  readonly ruleProblems?: Pick<RulesStatus, 'problems' | 'problemCount'>;
  readonly evidenceProblem: BartizanError | undefined;
}

/** What is wrong with the centre itself, gravest first: a Chinese line and an English one, each with what to do. */
export function troublesOf({
  intake,
  isDetectionRunning,
  lake,
  ruleProblems,
  evidenceProblem,
}: HealthFacts): readonly Todo[] {
  const troubles: Todo[] = [];
  const add = (id: string, kind: string, level: Todo['level'], link: string, zh: string, en: string) =>
    troubles.push({ id, kind, level, link, subject: `${zh}\n${en}` });

  if (evidenceProblem) {
    const { code, message, remedy } = evidenceProblem;
    if (code === 'BTZ_DISK_FULL')
      add('disk', 'disk', 'high', '/evidence', '磁盘已满：新的证据暂未签名。请腾出空间。', `${message} ${remedy}`);
    else if (code.startsWith('BTZ_EVIDENCE'))
      add(
        'evidence',
        'evidence',
        'critical',
        '/evidence',
        '证据日志校验不通过，可能有人改动过。请保留现状、与备份比对，并按机器已被入侵处理。',
        `${message} ${remedy}`,
      );
    else add('evidence', 'evidence', 'medium', '/evidence', '证据日志暂时没有跟上。', `${message} ${remedy}`);
  }
  if (intake.problem) {
    const error = new BartizanError(intake.problem.code, intake.problem.details);
    const isSpace = error.code === 'BTZ_DISK_FULL' || error.code === 'BTZ_DISK_LOW';
    add(
      isSpace ? 'disk' : 'intake',
      isSpace ? 'disk' : 'intake',
      'high',
      '/sources',
      isSpace
        ? '磁盘空间不足，日志采集已暂停。请腾出空间或缩短保留天数，腾出后自动恢复。'
        : '日志采集暂时停止，系统正在自动恢复。若持续出现，请查看服务器日志。',
      `${error.message} ${error.remedy}`,
    );
  }
  if (!isDetectionRunning)
    add(
      'detection',
      'detection',
      'high',
      '/alerts',
      '检测线程已停止，正在自动重启；重启后会补上错过的日志。若持续出现，请查看服务器日志。',
      'Detection has stopped and is started again by itself; it then catches up. If this stays, look at the server log.',
    );
  const [firstProblem] = ruleProblems?.problems ?? [];
  if (firstProblem !== undefined) {
    const { file, line, problem, suggestion } = firstProblem;
    // YAML errors show the place on lines of their own, and here each language has one.
    const where = `${file}:${line}: ${problem}. ${suggestion}`.replace(/\s+/g, ' ').slice(0, MOST_CHARACTERS);
    add(
      'rules',
      'rules',
      'medium',
      '/alerts',
      `规则文件有 ${ruleProblems?.problemCount} 处问题，有问题的改动没有启用，之前正确的规则继续运行：${where}`,
      `The rule files have ${ruleProblems?.problemCount} problem(s). What is wrong is not put to work; the rules that were good run on: ${where}`,
    );
  }
  const lakeProblem = lake.problem();
  if (lake.state() === 'failed' || lakeProblem !== undefined)
    add(
      'lake',
      'lake',
      'medium',
      '/events',
      `${lakeProblem ?? '搜索引擎已停止，正在自动重启'}（日志已安全保存，不影响检测和告警）`,
      `${lakeProblem ?? 'its process ended and is started again'} (events are safe in the journal; alerts are not affected)`,
    );
  return troubles;
}
