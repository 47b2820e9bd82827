import { readFileSync, statSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import type { z } from 'zod';
import type { huntSchema } from '#api/schemas.ts';
import { BartizanError, toBartizanError } from '#kit/errors.ts';
import { terminalLanguage } from '#kit/locale.ts';
import { askCentre } from './centre-client.ts';

type Hunt = z.infer<typeof huntSchema>;

interface HuntOptions {
  readonly data?: string;
  readonly since?: string;
}

const LOOK_MS = 300;

/**
 * `bartizan hunt RULE…`: rules over the stored past, in the running centre. Prints what they would have found, one JSON
 * object each, marked with the hunt's id. Exit 0 nothing, 1 something. Ctrl-C cancels it there too.
 */
export async function hunt(names: readonly string[], { data, since }: HuntOptions): Promise<void> {
  const files = names.filter(isFile).map((path) => ({ path, text: readText(path) }));
  const rules = names.filter((name) => !isFile(name));
  const sinceMs = since === undefined ? 0 : parseSince(since, Date.now());
  let state = await askCentre<Hunt>(data, 'POST', '/hunts', { rules, files, sinceMs });
  const { id } = state;
  let isCancelled = false;
  const cancel = () => {
    isCancelled = true;
  };
  process.once('SIGINT', cancel).once('SIGTERM', cancel);
  while (state.state === 'running') {
    await sleep(LOOK_MS);
    state = isCancelled
      ? await askCentre<Hunt>(data, 'POST', `/hunts/${id}/cancel`)
      : await askCentre<Hunt>(data, 'GET', `/hunts/${id}`);
    if (process.stderr.isTTY)
      process.stderr.write(`\r${Math.floor(state.share * 100)} %, ${state.events} events, ${state.count} found `);
  }
  if (process.stderr.isTTY) process.stderr.write('\n');
  print(state);
}

function print({ id, state, problem, found, count, events, isWhole }: Hunt): void {
  if (problem) {
    process.stderr.write(`${problem.code}: ${problem.message} ${problem.remedy}\n`);
    process.exitCode = 2;
    return;
  }
  const language = terminalLanguage(process.env);
  for (const { rule, entities, count: times, firstMs, lastMs, reason, demo, events: evidence } of found) {
    const line = {
      hunt: id,
      time: new Date(firstMs).toISOString(),
      until: new Date(lastMs).toISOString(),
      rule: { id: rule.id, title: rule.title[language], level: rule.level },
      entities,
      count: times,
      reason: reason[language],
      ...(demo ? { demo } : {}),
      events: evidence.map(({ time, raw }) => ({ time: new Date(time).toISOString(), raw })),
    };
    process.stdout.write(`${JSON.stringify(line)}\n`);
  }
  const folded = count > found.length ? ` (the first ${found.length} are shown)` : '';
  const part = isWhole ? '' : state === 'cancelled' ? '; cancelled before the end' : '; not all could be read';
  process.stderr.write(`${count} found in ${events} events${folded}${part}. These are no alerts; nothing was done.\n`);
  process.exitCode = count > 0 ? 1 : 0;
}

/** `7d`, `12h`, `30m`, or a date → epoch ms. Throws BTZ_USAGE. */
export function parseSince(text: string, nowMs: number, option = '--since'): number {
  const [, number, unit] = /^(\d{1,5})([dhm])$/.exec(text) ?? [];
  const unitMs = { d: 86_400_000, h: 3_600_000, m: 60_000 }[unit ?? ''];
  const atMs = unitMs === undefined ? Date.parse(text) : nowMs - Number(number) * unitMs;
  if (!/^\d/.test(text) || Number.isNaN(atMs) || atMs < 0)
    throw new BartizanError('BTZ_USAGE', { problem: `${option} takes 7d, 12h, 30m or a date; “${text}” is none.` });
  return atMs;
}

/** A rule’s name holds no dot or slash; a file that is not there is to be named as such. */
function isFile(name: string): boolean {
  return /\.ya?ml$|\//.test(name) || (statSync(name, { throwIfNoEntry: false })?.isFile() ?? false);
}

function readText(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (thrown) {
    throw toBartizanError(thrown, 'BTZ_INPUT_UNREADABLE', { path });
  }
}
