const MAX_PATTERN_CHARACTERS = 200;

/** A LIKE pattern, with `!` as its escape, that finds the text anywhere in a lower-case column. */
export function containsPattern(text: string): string {
  return `%${storableText(text).slice(0, MAX_PATTERN_CHARACTERS).toLowerCase().replace(/[!%_]/g, '!$&')}%`;
}

/**
 * Text that both engines keep alike: PostgreSQL has no NUL in text, and a lone surrogate has no UTF-8. Whole values are
 * JSON, which escapes both, so they keep them.
 */
export function storableText(text: string): string {
  return text.toWellFormed().replaceAll('\0', '\uFFFD');
}

/** The value as it will be read back: what JSON drops (undefined, functions) is dropped now. */
export function asJson<T>(value: T): T {
  return JSON.parse(JSON.stringify(value)) as T;
}

export function* chunksOf<T>(items: readonly T[], size: number): Generator<readonly T[]> {
  for (let start = 0; start < items.length; start += size) yield items.slice(start, start + size);
}

/** A column that may be NULL, as a field that may be absent. */
export function optional<T>(value: T | null): T | undefined {
  return value ?? undefined;
}
