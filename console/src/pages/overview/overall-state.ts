import type { Overview } from '../../api/shapes.ts';

export type OverallState = 'well' | 'starting' | 'attention' | 'urgent';

/** Urgent when something grave waits; the start-up counts only while nothing waits. */
export function overallState({ todo, lake }: Pick<Overview, 'todo' | 'lake'>): OverallState {
  if (todo.some(({ level }) => level === 'critical' || level === 'high')) return 'urgent';
  if (todo.length > 0) return 'attention';
  return lake.state === 'ready' ? 'well' : 'starting';
}
