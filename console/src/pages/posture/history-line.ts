export interface ScoredMoment {
  readonly endedMs: number;
  readonly score: number;
}

export interface Place {
  readonly x: number;
  readonly y: number;
}

/** Scores over time as places in a field of this size, 100 at the top; moments stand as far apart as they were. */
export function placesOf(
  history: readonly ScoredMoment[],
  { width, height }: { readonly width: number; readonly height: number },
): readonly Place[] {
  const first = history[0]?.endedMs ?? 0;
  const span = (history.at(-1)?.endedMs ?? 0) - first;
  return history.map(({ endedMs, score }) => ({
    x: span > 0 ? ((endedMs - first) / span) * width : width / 2,
    y: (1 - Math.min(100, Math.max(0, score)) / 100) * height,
  }));
}
