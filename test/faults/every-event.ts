import type { RunningCentre } from '../centre.ts';

/** Every event that the lake holds, page after page, or those with a word in them. */
export async function everyEvent(
  centre: RunningCentre,
  text?: string,
): Promise<readonly { readonly id: number; readonly raw: string }[]> {
  const items: { id: number; raw: string }[] = [];
  let before: string | undefined;
  do {
    const query = new URLSearchParams({
      from: '0',
      to: String(Date.now() + 2 * 86_400_000),
      limit: '1000',
      ...(text === undefined ? {} : { text }),
      ...(before === undefined ? {} : { before }),
    });
    const page = await centre.ask<{ items: { id: number; raw: string }[]; next?: string }>(
      `/events?${query.toString()}`,
    );
    items.push(...page.items);
    before = page.next;
  } while (before !== undefined);
  return items;
}
