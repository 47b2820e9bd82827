import { BartizanError } from '#kit/errors.ts';

/** Gives what chDB threw its code. Numbers: ClickHouse, src/Common/ErrorCodes.cpp */
export function fromChdbError(thrown: unknown, folder: string, work: 'search' | 'append' = 'search'): BartizanError {
  if (thrown instanceof BartizanError) return thrown;
  const message = thrown instanceof Error ? thrown.message : String(thrown);
  const problem = message.slice(0, MAX_PROBLEM_CHARACTERS);
  const code = (thrown as { clickhouseCode?: unknown } | undefined)?.clickhouseCode;
  const system = (thrown as { code?: unknown } | undefined)?.code;
  const cause = { cause: thrown };
  if (code === NOT_ENOUGH_SPACE || system === 'ENOSPC' || NO_SPACE.test(message)) {
    return new BartizanError('BTZ_DISK_FULL', { directory: folder }, cause);
  }
  if (work === 'search' && typeof code === 'number' && TOO_MUCH.has(code)) {
    return new BartizanError('BTZ_SEARCH_TOO_WIDE', {}, cause);
  }
  return new BartizanError('BTZ_LAKE_UNAVAILABLE', { problem }, cause);
}

const MAX_PROBLEM_CHARACTERS = 500;
const NOT_ENOUGH_SPACE = 243;
const NO_SPACE = /No space left on device|errno: 28\b/;
/** TIMEOUT_EXCEEDED, TOO_SLOW, TOO_MANY_ROWS, MEMORY_LIMIT_EXCEEDED, TOO_MANY_ROWS_OR_BYTES */
const TOO_MUCH: ReadonlySet<number> = new Set([158, 159, 160, 241, 396]);
