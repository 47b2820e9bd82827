import type { Repair, Setting } from '#model/action.ts';
import type { CloudCall } from './kind.ts';

export function isSame(one: Setting, other: Setting): boolean {
  return namesOf(one, other).every((name) => one[name] === other[name]);
}

/** Each part is as it was before or as it is to be after: a repair of several calls that stopped on the way. */
export function isBetween(now: Setting, before: Setting, after: Setting): boolean {
  return [...namesOf(now, before), ...Object.keys(after)].every(
    (name) => now[name] === before[name] || now[name] === after[name],
  );
}

/** What differs, by attribute. */
export function changesOf(before: Setting, after: Setting): Repair['changes'] {
  return namesOf(before, after)
    .filter((attribute) => before[attribute] !== after[attribute])
    .map((attribute) => ({ attribute, before: before[attribute], after: after[attribute] }));
}

/** A call as people are shown it, and as it is kept. */
export function shownCall({ api, params, region, masked = [] }: CloudCall): Repair['calls'][number] {
  const parameters: Record<string, string> = {};
  for (const [name, value] of Object.entries(params))
    parameters[name] = masked.includes(name) ? mask(String(value)) : String(value);
  if (api.product === 'aws') {
    for (const [name, value] of Object.entries(api.input))
      parameters[name] = typeof value === 'string' ? value : JSON.stringify(value);
    return { call: `aws ${api.service} ${api.command}`, region, parameters };
  }
  if ('action' in api) return { call: `${api.product} ${api.action} ${api.version}`, region, parameters };
  const write: { readonly method: string; readonly headers?: object; readonly body?: string } = api.write ?? {
    method: 'GET',
  };
  const place = api.product === 'oss' ? `?${api.subresource}` : api.path;
  return {
    call: `${api.product} ${write.method} ${place}`,
    region,
    parameters: { ...parameters, ...write.headers, ...(write.body === undefined ? {} : { body: write.body }) },
  };
}

function namesOf(one: Setting, other: Setting): readonly string[] {
  return [...new Set([...Object.keys(one), ...Object.keys(other)])];
}

function mask(text: string): string {
  return `${text.slice(0, 4)}…${text.slice(-4)}`;
}
