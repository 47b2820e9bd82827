import { isJsonObject, parseJson } from '#kit/json.ts';
import type { Bilingual } from '#model/alert.ts';
import type { Channel, ChannelKindId, Message } from '#model/notification.ts';
import type { EgressAnswer } from './egress.ts';

/** What a request to a provider is made of; how it gets there is the same for all. */
export interface ChannelRequest {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/**
 * What an answer means. `later`: the same again after a while. `refused`: never, a person has to see to it.
 * `clock`: the signature was too old or too new.
 */
export type Verdict =
  | { readonly kind: 'taken' }
  | { readonly kind: 'later'; readonly problem: string; readonly afterMs?: number }
  | { readonly kind: 'refused' | 'clock'; readonly problem: string };

/** One provider: pure. Its limits and words are those of its own page, which its docstring names. */
export interface ChannelKind {
  readonly id: ChannelKindId;
  readonly title: Bilingual;
  /** Messages within a window; what waits longer for a place is merged. */
  readonly rate: { readonly count: number; readonly windowMs: number };
  /** Whether it knows a repeat by the message’s id and shows it once. */
  readonly knowsRepeats: boolean;
  readonly secret: 'required' | 'optional' | 'unused';
  /** Where the provider has one address for everybody. */
  readonly defaultUrl?: string;
  request(message: Message, channel: Channel, nowMs: number): ChannelRequest;
  judge(answer: Answered): Verdict;
}

export type Answered = Extract<EgressAnswer, { kind: 'answered' }>;

export const JSON_HEADERS = { 'content-type': 'application/json; charset=utf-8' } as const;

/** What HTTP itself says: 429 and 5xx come right by themselves, other failures do not. Undefined for a success. */
export function judgeStatus({ status, retryAfterMs }: Answered): Verdict | undefined {
  if (status >= 200 && status < 300) return undefined;
  const problem = `HTTP ${status}`;
  if (status === 408 || status === 425 || status === 429 || status >= 500)
    return { kind: 'later', problem, ...(retryAfterMs !== undefined && { afterMs: retryAfterMs }) };
  return { kind: 'refused', problem };
}

/**
 * For providers that answer HTTP 200 to everything and say what it was by a number in JSON, 0 for taken: what the others
 * mean. Those that are not named are refusals.
 */
export function judgeCode(
  answer: Answered,
  [codeName, wordsName]: readonly [code: string, words: string],
  meanings: (code: number, problem: string) => Verdict | undefined,
): Verdict {
  const failure = judgeStatus(answer);
  if (failure) return failure;
  const parsed = parseJson(answer.body);
  if (!parsed.ok || !isJsonObject(parsed.value)) return { kind: 'later', problem: 'an answer that is no JSON' };
  const code = parsed.value[codeName];
  if (code === 0) return { kind: 'taken' };
  const problem = quoted(code, parsed.value[wordsName]);
  return (typeof code === 'number' ? meanings(code, problem) : undefined) ?? { kind: 'refused', problem };
}

/** A provider’s own words, short and in one line, for the list of what did not arrive. */
function quoted(code: unknown, words: unknown): string {
  const text = typeof words === 'string' ? words.replace(/[\p{Cc}\p{Cf}\s]+/gu, ' ').slice(0, 200) : '';
  return `${String(code).slice(0, 20)} ${text}`.trim();
}
