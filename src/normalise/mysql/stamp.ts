import { readAnyTime, readIsoStamp, type StampContext } from '../timestamp.ts';

/**
 * The stamps of these servers: `2026-11-20T03:11:01.123456Z`, `2026-11-20  3:11:01`, `20261120 03:11:01`, `261120  3:11:01`,
 * and microseconds of the epoch.
 *
 * @returns epoch milliseconds and the index behind the stamp; `undefined` where there is none.
 */
export function readMysqlStamp(text: string, context: StampContext): { timeMs: number; end: number } | undefined {
  const match = STAMP.exec(text);
  if (match === null) return undefined;
  const [whole, year = '', month = '', day = '', hours = '', rest = '', epoch] = match;
  if (epoch !== undefined) {
    const timeMs = readAnyTime(epoch, context);
    return timeMs === undefined ? undefined : { timeMs, end: whole.length };
  }
  const wideYear = year.length === 2 ? `20${year}` : year;
  const stamp = readIsoStamp(`${wideYear}-${month}-${day}T${hours.trim().padStart(2, '0')}${rest}`, 0, context);
  return stamp === undefined ? undefined : { timeMs: stamp.timeMs, end: whole.length };
}

const STAMP =
  /^(?:(\d{4}|\d{2})-?(\d{2})-?(\d{2})[T ]{1,2}( ?\d{1,2})(:\d{2}:\d{2}(?:\.\d{1,6})?(?:Z|[+-]\d{2}:?\d{2})?)|(\d{16})(?=,))/;
