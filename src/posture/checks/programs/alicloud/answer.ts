import { isUnknown, type Resource, type Value } from '#model/resource.ts';
import { elementsAt, parsePath } from '../../paths.ts';
import { fail, type Outcome, PASS, unsure } from '../../outcome.ts';

/** Yes, no, or why it cannot be told. */
export type Answer = boolean | { readonly missing: string };

/** Fails when all are yes; one no is enough to pass. */
export function failWhen(answers: readonly Answer[], why: () => string): Outcome {
  if (answers.includes(false)) return PASS;
  const unclear = answers.find((answer) => typeof answer === 'object');
  if (typeof unclear === 'object') return unsure(() => unclear.missing);
  return fail(why);
}

/** One yes is enough; else what cannot be told decides. */
export function either(answers: readonly Answer[]): Answer {
  if (answers.includes(true)) return true;
  return answers.find((answer) => typeof answer === 'object') ?? false;
}

/** What an attribute holds, element by element: of lists their elements, of blocks each block’s. */
export function valuesOf(resource: Resource, path: string): readonly Value[] {
  return elementsAt(resource.attributes, parsePath(path));
}

/** Asks the one plain value of an attribute; `absent` stands in where there is none. */
export function ask(resource: Resource, path: string, absent: Answer, holds: (text: string) => boolean): Answer {
  const [value] = valuesOf(resource, path);
  if (value === undefined || value === '') return absent;
  if (isUnknown(value)) return { missing: value.reason };
  return typeof value === 'object' ? absent : holds(String(value).trim().toLowerCase());
}
