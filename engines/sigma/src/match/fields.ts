/** Reads one place of an event: a scalar, a list of what is there, or undefined. Never throws, never sees inherited names. */
export type FieldReader = (event: object) => unknown;

const MAX_VALUES = 1_000;
const MAX_DEPTH = 16;

/** Where a list stands on the way, the rest of the path is followed in each of its elements. */
export function fieldReader(path: readonly string[]): FieldReader {
  const [first, second, third] = path;
  if (first === undefined) return () => undefined;
  if (path.some((name) => name in Object.prototype) || path.length > 3) return (event) => follow(event, path, 0);
  if (second === undefined) return (event) => (event as Record<string, unknown>)[first];
  if (third === undefined)
    return (event) => {
      const inner = (event as Record<string, unknown>)[first];
      if (inner === undefined || inner === null) return undefined;
      return isPlain(inner) ? inner[second] : follow(event, path, 0);
    };
  return (event) => {
    const inner = (event as Record<string, unknown>)[first];
    if (inner === undefined || inner === null) return undefined;
    if (!isPlain(inner)) return follow(event, path, 0);
    const deeper = inner[second];
    if (deeper === undefined || deeper === null) return undefined;
    return isPlain(deeper) ? deeper[third] : follow(event, path, 0);
  };
}

function isPlain(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function follow(value: unknown, path: readonly string[], at: number): unknown {
  if (at === path.length) return value;
  if (Array.isArray(value)) {
    const found: unknown[] = [];
    for (const element of value.slice(0, MAX_VALUES)) {
      const inner = follow(element, path, at);
      if (Array.isArray(inner)) found.push(...inner.slice(0, MAX_VALUES));
      else if (inner !== undefined) found.push(inner);
    }
    return found.length === 0 ? undefined : found;
  }
  const name = path[at] as string;
  return isPlain(value) && Object.hasOwn(value, name) ? follow(value[name], path, at + 1) : undefined;
}

/** Every scalar in an event, at most 1,000: what keywords search where the route names no place for them. */
export function allValues(event: object): unknown {
  const found: unknown[] = [];
  collect(event, found, 0);
  return found;
}

function collect(value: unknown, found: unknown[], depth: number): void {
  if (found.length >= MAX_VALUES || depth > MAX_DEPTH) return;
  if (typeof value !== 'object' || value === null) {
    if (value !== undefined && value !== null) found.push(value);
  } else for (const inner of Object.values(value)) collect(inner, found, depth + 1);
}

/** The text of a scalar; undefined for anything else. */
export function scalarText(value: unknown): string | undefined {
  if (typeof value === 'string') return value;
  if (typeof value === 'number' || typeof value === 'boolean' || typeof value === 'bigint') return String(value);
  return undefined;
}

/** Lower case, in which a sigma is the same letter at the end of a word as elsewhere. */
export function fold(text: string): string {
  const lower = text.toLowerCase();
  return lower.includes('ς') ? lower.replaceAll('ς', 'σ') : lower;
}
