import type { Call, Params } from '../collector.ts';
import { at, listAt, MissingField, textAt } from '../fields.ts';
import type { AwsApi, AwsService } from './api.ts';

type More = Partial<Call<AwsApi>> & {
  readonly input?: AwsApi['input'];
  readonly lists?: AwsApi['lists'];
};

interface Paging {
  /** In the answer, and in the next question. */
  readonly token: string;
  readonly as?: string;
}

/**
 * Makes the calls of one service.
 *
 * @param prefix as its permissions begin
 * @param paging how its lists go on
 */
export function callsOf(service: AwsService, prefix: string, perSecond?: number, paging?: Paging) {
  const next = paging === undefined ? undefined : byToken(paging.token, paging.as);
  const call = (command: string, { input, lists, ...more }: More): Call<AwsApi> => ({
    permission: `${prefix}:${command}`,
    api: {
      service,
      command,
      ...(input === undefined ? {} : { input }),
      ...(lists === undefined ? {} : { lists }),
      ...(perSecond === undefined ? {} : { perSecond }),
    },
    ...more,
  });
  return {
    one: (command: string, more: More = {}): Call<AwsApi> => call(command, more),
    list: (command: string, items: NonNullable<Call<AwsApi>['items']>, more: More = {}): Call<AwsApi> =>
      call(command, { items, ...(next === undefined ? {} : { next }), ...more }),
    /** One call for each item of a list; parameters by the paths of the item that they come from. */
    about: (of: string, command: string, names: Readonly<Record<string, string>>, more: More = {}): Call<AwsApi> =>
      call(command, { of, params: ({ item }) => paramsOf(item, names), ...more }),
    /** One call, in pages, for each item of a list. */
    listAbout: (
      of: string,
      command: string,
      names: Readonly<Record<string, string>>,
      items: NonNullable<Call<AwsApi>['items']>,
      more: More = {},
    ): Call<AwsApi> =>
      call(command, {
        of,
        params: ({ item }) => paramsOf(item, names),
        items,
        ...(next === undefined ? {} : { next }),
        ...more,
      }),
  };
}

function paramsOf(item: unknown, names: Readonly<Record<string, string>>): Params {
  return Object.fromEntries(Object.entries(names).map(([name, path]) => [name, textAt(item, path) ?? '']));
}

/** A token for the next page; none, or one that counts no more (`IsTruncated` is false), after the last. */
export function byToken(token: string, as: string = token): NonNullable<Call<AwsApi>['next']> {
  return (answer) => {
    const value = textAt(answer, token);
    const ended = at(answer, 'IsTruncated') === false || at(answer, 'Truncated') === false;
    return value === undefined || ended ? undefined : { [as]: value };
  };
}

/** Lists within a list: the instances of all reservations. */
export function within(outer: string, inner: string): (answer: unknown) => readonly unknown[] {
  return (answer) => {
    if (at(answer, outer) === undefined) throw new MissingField(outer);
    return listAt(answer, outer).flatMap((one) => listAt(one, inner));
  };
}

/** A list that the service leaves out where it is empty. */
export function maybe(path: string): (answer: unknown) => readonly unknown[] {
  return (answer) => listAt(answer, path);
}
