import type { Alert } from '../api/shapes.ts';

/** What tells one alert from another at a glance, the most telling first; what is not named here comes last. */
const TELLING = [
  'src_ip',
  'user',
  'actor',
  'host',
  'target',
  'resource',
  'account',
  'command',
  'operation',
  'site',
  'path',
  'process',
  'port',
  'group',
  'service',
  'region',
  'error',
  'user_agent',
  'url',
  'method',
  'status',
  'auth',
] as const;

/** The entities in the order of what they tell, at most `limit`, and how many were left out. */
export function chooseEntities(
  entities: Alert['entities'],
  limit = Number.POSITIVE_INFINITY,
): { readonly shown: readonly (readonly [string, string])[]; readonly hidden: number } {
  const rank = (name: string) => {
    const place = (TELLING as readonly string[]).indexOf(name);
    return place === -1 ? TELLING.length : place;
  };
  const all = Object.entries(entities)
    // A request without parameters has the same path and URL.
    .filter(([name, value]) => value !== '' && !(name === 'url' && value === entities.path))
    .sort(([a], [b]) => rank(a) - rank(b));
  return { shown: all.slice(0, limit), hidden: Math.max(0, all.length - limit) };
}
