import type { Source } from '../../api/shapes.ts';

export const DROP_REASONS = ['too_long', 'invalid_json', 'too_deep', 'queue_full', 'disk_full', 'unread_file'] as const;
export type DropReason = (typeof DROP_REASONS)[number];

/** How many lines of a source were dropped, and why; the most frequent reason first. */
export function droppedOf({ dropped }: Pick<Source, 'dropped'>): {
  readonly total: number;
  readonly reasons: readonly { readonly reason: DropReason; readonly lines: number }[];
} {
  const reasons = DROP_REASONS.map((reason) => ({ reason, lines: dropped[reason] ?? 0 }))
    .filter(({ lines }) => lines > 0)
    .sort((a, b) => b.lines - a.lines);
  return { total: Object.values(dropped).reduce((sum, lines) => sum + lines, 0), reasons };
}

/** Streams of the demonstration and of drills: nothing in them happened. */
export function isRehearsal(stream: string): boolean {
  return stream.startsWith('demo:') || stream.startsWith('drill:');
}
