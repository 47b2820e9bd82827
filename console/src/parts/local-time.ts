/** What `<input type="datetime-local">` shows and gives: the reader’s own time, to the minute. */
export function toLocalInput(timeMs: number): string {
  const offsetMs = new Date(timeMs).getTimezoneOffset() * 60_000;
  const at = new Date(timeMs - offsetMs);
  return Number.isNaN(at.getTime()) ? '' : at.toISOString().slice(0, 16);
}

/** Epoch ms, or undefined while it is not a time. */
export function fromLocalInput(text: string): number | undefined {
  const timeMs = /^\d{4}-\d\d-\d\dT\d\d:\d\d/.test(text) ? new Date(text).getTime() : Number.NaN;
  return Number.isNaN(timeMs) ? undefined : timeMs;
}
