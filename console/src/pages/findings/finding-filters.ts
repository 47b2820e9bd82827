import type { FindingSearch } from '../../api/posture-queries.ts';
import { LEVELS, OPEN_VERDICTS } from '../../api/shapes.ts';

export const PER_PAGE = 50;
/** The server's own bounds: what is longer came from a link that somebody wrote by hand. */
const LONGEST = { text: 200, target: 500, check: 100, framework: 64, clause: 64 } as const;
/** The server goes no further. */
const LAST_OFFSET = 100_000;

/** What the address asks for, within what the server takes. */
export function searchOf(query: URLSearchParams): FindingSearch & { readonly page: number } {
  const named = (name: keyof typeof LONGEST) => {
    const value = query.get(name)?.slice(0, LONGEST[name]);
    return value ? { [name]: value } : {};
  };
  const minLevel = LEVELS.find((known) => known === query.get('level'));
  const verdict = OPEN_VERDICTS.find((known) => known === query.get('verdict'));
  const wanted = Math.floor(Number(query.get('page')));
  const page = Math.min(LAST_OFFSET / PER_PAGE + 1, Math.max(1, Number.isFinite(wanted) ? wanted : 1));
  return {
    ...named('text'),
    ...named('target'),
    ...named('check'),
    ...named('framework'),
    ...named('clause'),
    ...(minLevel && { minLevel }),
    ...(verdict && { verdict }),
    limit: PER_PAGE,
    offset: (page - 1) * PER_PAGE,
    page,
  };
}

const NARROWING = ['target', 'verdict', 'minLevel', 'check', 'framework', 'clause', 'text'] as const;

/** Whether anything narrows the list. */
export function isNarrowed(search: Partial<FindingSearch>): boolean {
  return NARROWING.some((name) => search[name] !== undefined);
}
