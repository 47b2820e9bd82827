/** The page of findings with these filters. */
export function findingsLink(filters: Readonly<Record<string, string | undefined>>): string {
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries(filters)) if (value) query.set(name, value);
  return query.size === 0 ? '/posture/findings' : `/posture/findings?${query}`;
}
