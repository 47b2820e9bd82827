import type { Params } from '../collector.ts';
import { at, MissingField, textAt } from '../fields.ts';

type Next = (answer: unknown, sofar: { readonly pages: number; readonly items: number }) => Params | undefined;

/**
 * `PageNumber` from 1, until as many as `total` says have come.
 *
 * @throws MissingField when fewer come: some are there that are not shown.
 */
export function byNumber(total: string, number = 'PageNumber'): Next {
  return (answer, { pages, items }) => {
    const all = Number(textAt(answer, total) ?? 0);
    if (items >= all) return undefined;
    if (items < pages) throw new MissingField(`${all - items} of ${all} entries`);
    return { [number]: pages + 1 };
  };
}

/** A token for the next page, empty after the last. */
export function byToken(token = 'NextToken', as: string = token): Next {
  return (answer) => {
    const value = textAt(answer, token);
    return value === undefined ? undefined : { [as]: value };
  };
}

/** RAM, OSS: a marker that counts, and must be there, while the list is said to be truncated. */
export function byMarker(truncated: string, marker: string, as: string): Next {
  return (answer) => {
    const value = textAt(answer, marker);
    if (String(at(answer, truncated)) !== 'true') return undefined;
    if (value === undefined) throw new MissingField(marker);
    return { [as]: value };
  };
}

/** SLS: from the entry behind the last, until `total`. */
export function byOffset(total: string, offset = 'offset'): Next {
  return (answer, { pages, items }) => {
    const all = Number(textAt(answer, total) ?? 0);
    if (items >= all) return undefined;
    if (items < pages) throw new MissingField(`${all - items} of ${all} entries`);
    return { [offset]: items };
  };
}
