import type { Params } from '../collector.ts';
import { at, textAt } from '../fields.ts';

type Next = (answer: unknown, sofar: { readonly pages: number; readonly items: number }) => Params | undefined;

/** `PageNumber` from 1, until as many as `total` says have come. Pages without any end it too. */
export function byNumber(total: string, number = 'PageNumber'): Next {
  return (answer, { pages, items }) => {
    const all = Number(textAt(answer, total) ?? 0);
    return items < all && items >= pages ? { [number]: pages + 1 } : undefined;
  };
}

/** A token for the next page, empty after the last. */
export function byToken(token = 'NextToken', as: string = token): Next {
  return (answer) => {
    const value = textAt(answer, token);
    return value === undefined ? undefined : { [as]: value };
  };
}

/** RAM, OSS: a marker that counts only while the list is said to be truncated. */
export function byMarker(truncated: string, marker: string, as: string): Next {
  return (answer) => {
    const value = textAt(answer, marker);
    return String(at(answer, truncated)) === 'true' && value !== undefined ? { [as]: value } : undefined;
  };
}

/** SLS: from the entry behind the last, until `total`. */
export function byOffset(total: string, offset = 'offset'): Next {
  return (answer, { items }) => {
    const all = Number(textAt(answer, total) ?? 0);
    return items < all && items > 0 ? { [offset]: items } : undefined;
  };
}
