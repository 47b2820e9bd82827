import { LEVELS, type Overview, type Todo } from '../../api/shapes.ts';

export type OverallState = 'well' | 'starting' | 'attention' | 'urgent';

const MOST = 3;

/**
 * What to do today, at most three: what the server names, then what would make “all is well” a lie: a firewall that
 * cannot block though it should, a search that failed, alerts of lower levels that nobody has looked at.
 */
export function todosOf(
  overview: Pick<Overview, 'todo' | 'firewall' | 'respond' | 'lake' | 'openAlerts'>,
): readonly Todo[] {
  const { todo, firewall, respond, lake, openAlerts } = overview;
  const found: Todo[] = [...todo];
  if (!firewall.available && respond !== 'off' && !todo.some(({ kind }) => kind === 'firewall'))
    found.push({
      id: 'firewall',
      kind: 'firewall',
      level: 'medium',
      subject: firewall.problem ?? '',
      link: '/responses',
    });
  if (lake.state === 'failed' && !todo.some(({ kind }) => kind === 'lake'))
    found.push({ id: 'lake', kind: 'lake', level: 'medium', subject: '', link: '/events' });
  const named = todo.filter(({ kind }) => kind === 'alert').length;
  const open = LEVELS.reduce((sum, level) => sum + (openAlerts[level] ?? 0), 0) - named;
  // Grave ones are named by the server; what is left over here is of the lower levels, or beyond its three.
  const worst = LEVELS.findLast((level) => (openAlerts[level] ?? 0) > 0);
  if (open > 0 && worst !== undefined)
    found.push({ id: 'others', kind: 'others', level: worst, subject: String(open), link: '/alerts?status=open' });
  return found.slice(0, MOST);
}

/** Urgent when something grave waits; the start-up counts only while nothing waits. */
export function overallState(todo: readonly Todo[], { lake }: Pick<Overview, 'lake'>): OverallState {
  if (todo.some(({ level }) => level === 'critical' || level === 'high')) return 'urgent';
  if (todo.length > 0) return 'attention';
  return lake.state === 'ready' ? 'well' : 'starting';
}
