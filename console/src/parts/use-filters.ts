import { useSearchParams } from 'react-router';

/**
 * What a list is filtered by, in the address, so that it can be kept and sent. A change takes what is named, drops what is
 * empty, and goes back to the first page; `clear` drops all.
 */
export function useFilters() {
  const [query, setQuery] = useSearchParams();
  const change = (changes: Readonly<Record<string, string | undefined>>) =>
    setQuery(
      (before) => {
        for (const [name, value] of Object.entries({ page: undefined, ...changes }))
          if (value) before.set(name, value);
          else before.delete(name);
        return before;
      },
      { replace: true },
    );
  return { query, change, clear: () => setQuery({}, { replace: true }) };
}
