import type { SourceFormat } from '#model/event.ts';
import type { Random } from './random.ts';

/** Midnight, UTC, at which the day begins: a Thursday. */
export const MIDNIGHT_MS = Date.UTC(2026, 10, 19);
export const SECOND_MS = 1_000;
export const MINUTE_MS = 60_000;
export const HOUR_MS = 3_600_000;

export interface Line {
  readonly timeMs: number;
  readonly text: string;
}

/** Writes the lines of one occasion that begins at a time. */
export type Scene = (random: Random, timeMs: number) => readonly Line[];

export interface Occasion {
  readonly scene: Scene;
  /** Hours of the day in which it happens, `[from, to)`; around the clock when left out. */
  readonly hours?: readonly [from: number, to: number];
  /** How often, for what does not grow with the traffic … */
  readonly perDay?: number;
  /** … or its part of the lines that are left. */
  readonly weight?: number;
}

/** One log of the company. */
export interface Diary {
  readonly stream: string;
  readonly format: SourceFormat;
  /** Its part of all lines, 0–1. */
  readonly share: number;
  readonly occasions: readonly Occasion[];
}

/** The lines of a day of one log, in the order of time. */
export function writeDiary({ occasions }: Diary, random: Random, lineCount: number): Line[] {
  const lines: Line[] = [];
  const play = ({ scene, hours: [from, to] = [0, 24] }: Occasion): void => {
    const timeMs = MIDNIGHT_MS + Math.floor((from + random.share() * (to - from)) * HOUR_MS);
    lines.push(...scene(random, timeMs));
  };
  for (const occasion of occasions) for (let time = 0; time < (occasion.perDay ?? 0); time++) play(occasion);
  const common = occasions.filter(({ weight }) => weight !== undefined);
  const total = common.reduce((sum, { weight = 0 }) => sum + weight, 0);
  while (common.length > 0 && lines.length < lineCount) {
    let left = random.share() * total;
    play(common.find(({ weight = 0 }) => (left -= weight) < 0) ?? (common[0] as Occasion));
  }
  return lines.sort((a, b) => a.timeMs - b.timeMs);
}
