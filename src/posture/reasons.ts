import type { Bilingual } from '#model/alert.ts';

/** A reason as checks, loaders and collectors give it, in both languages. What is not known stays as it is. */
export function bilingualReason(reason: string): Bilingual {
  return { en: reason, zh: reason };
}
