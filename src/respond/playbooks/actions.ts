import type { ActionKind } from './action-kinds.ts';
import type { Approval } from './extensions.ts';

export interface Order {
  /** The same whenever the same order is given again: it must not be carried out twice for one key. */
  readonly key: string;
  readonly action: string;
  readonly given: Readonly<Record<string, string>>;
  readonly runId: string;
  /** Identifier of the step. */
  readonly step: string;
  /** Who let the playbook run: `user:<name>`, `auto:<rule id>`, `cli`. */
  readonly actor: string;
  /** Of a question: who has to agree, and what the answer may set. */
  readonly approval?: Approval | undefined;
  readonly outArgs: readonly string[];
  /** When it was given first, epoch milliseconds. */
  readonly givenMs: number;
}

export type Answer =
  | { readonly state: 'done'; readonly values?: Readonly<Record<string, string>> }
  /** Not yet; asked again later under the same key. */
  | { readonly state: 'waiting' }
  /** `isCertain`: it is known that nothing was done. */
  | { readonly state: 'failed'; readonly problem: string; readonly isCertain: boolean };

/** What an action would reach. */
export interface Reach {
  readonly targets: readonly string[];
  /** In words: how many addresses, connections, people … */
  readonly radius: string;
  /** Why it would be refused, or undefined. */
  readonly refusal?: string;
}

/** One action that playbooks may use, carried out by whoever is able to. */
export interface PlaybookAction {
  readonly kind: ActionKind;
  perform(order: Order, signal: AbortSignal): Promise<Answer>;
  /**
   * What became of an order whose answer was lost, or undefined when it never arrived. Without it a dangerous order
   * that was under way in a crash is not given again: a person has to look.
   */
  find?(key: string): Promise<Answer | undefined>;
  /** Takes back what was done under the key; done already is done. */
  undo?(order: Order, signal: AbortSignal): Promise<Answer>;
  /** Looks, and changes nothing. */
  plan?(given: Readonly<Record<string, string>>): Promise<Reach>;
}

export type PlaybookActions = ReadonlyMap<string, PlaybookAction>;
