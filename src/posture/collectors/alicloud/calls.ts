import type { Call, Params } from '../collector.ts';
import { textAt } from '../fields.ts';
import type { AlicloudApi, OpenApi } from './api.ts';
import { byNumber, byToken } from './paging.ts';

/** Makes the calls of one product; most are of these three forms. */
export function callsOf(product: OpenApi['product'], version: string, prefix: string = product) {
  const api = (action: string): AlicloudApi => ({ product, version, action });
  const permission = (action: string): string => `${prefix}:${action}`;
  return {
    one: (action: string, more: Partial<Call<AlicloudApi>> = {}): Call<AlicloudApi> => ({
      permission: permission(action),
      api: api(action),
      ...more,
    }),
    /** A list by page numbers. */
    numbered: (
      action: string,
      items: string,
      { total = 'TotalCount', size = 50, params = {}, sizeName = 'PageSize', number = 'PageNumber' }: Numbered = {},
    ): Call<AlicloudApi> => ({
      permission: permission(action),
      api: api(action),
      // Some actions insist on being told the first page.
      params: () => ({ ...params, [sizeName]: size, [number]: 1 }),
      items,
      next: byNumber(total, number),
    }),
    /** A list by tokens. */
    tokened: (action: string, items: string, size = 100): Call<AlicloudApi> => ({
      permission: permission(action),
      api: api(action),
      params: () => ({ MaxResults: size }),
      items,
      next: byToken(),
    }),
    /** One call for each item of a list, by a name that the item itself has. */
    about: (
      list: string,
      action: string,
      names: string | readonly string[],
      more: Partial<Call<AlicloudApi>> = {},
    ): Call<AlicloudApi> => ({
      permission: permission(action),
      api: api(action),
      of: list,
      params: ({ item }) => Object.fromEntries([names].flat().map((name) => [name, textAt(item, name) ?? ''])),
      ...more,
    }),
  };
}

interface Numbered {
  readonly total?: string;
  readonly size?: number;
  readonly params?: Params;
  readonly sizeName?: string;
  readonly number?: string;
}
