/**
 * Gives memory back that V8 keeps after a busy time, a while after the last sign of activity; without `--expose-gc` it
 * does nothing. One pause of some tens of milliseconds when nobody waits.
 *
 * @returns say it whenever something is done.
 */
export function tidyWhenIdle(idleMs: number): () => void {
  const tidy = () => globalThis.gc?.({ type: 'major', execution: 'sync', flavor: 'last-resort' });
  const timer = setTimeout(tidy, idleMs).unref();
  return () => void timer.refresh();
}
