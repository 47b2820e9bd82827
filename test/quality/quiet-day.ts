import { packRecords } from '#kit/records.ts';
import type { RawBatch } from '#model/batch.ts';
import { ALIYUN } from './day/aliyun.ts';
import { AUDIT } from './day/audit.ts';
import { AWS } from './day/aws.ts';
import { MACHINES } from './day/machines.ts';
import { CLUSTER, MYSQL, POSTGRESQL } from './day/platform.ts';
import { createRandom } from './day/random.ts';
import { type Diary, MINUTE_MS, writeDiary } from './day/scene.ts';
import { SHOP } from './day/shop.ts';

const DIARIES: readonly Diary[] = [MACHINES, SHOP, AUDIT, AWS, ALIYUN, CLUSTER, POSTGRESQL, MYSQL];

/** Records come from every log every five minutes, as collectors bring them. */
const ROUND_MS = 5 * MINUTE_MS;

/**
 * About so many lines of an ordinary day at a small company that sells tea on the internet, in the order in which they
 * would arrive. Nobody attacks it beyond what every public address hears. The same seed writes the same day.
 */
export function quietDay(seed: number, lineCount: number): readonly RawBatch[] {
  const rounds = DIARIES.flatMap((diary, at) => {
    const lines = writeDiary(diary, createRandom(seed * 1_000 + at), Math.round(lineCount * diary.share));
    return [...Map.groupBy(lines, ({ timeMs }) => Math.floor(timeMs / ROUND_MS))].map(([round, group]) => ({
      diary,
      round,
      group,
    }));
  });
  rounds.sort((a, b) => a.round - b.round);
  return rounds.map(({ diary: { stream, format }, round, group }) => ({
    stream,
    format,
    receivedMs: (round + 1) * ROUND_MS,
    ...packRecords(group.map(({ text }) => text)),
  }));
}
