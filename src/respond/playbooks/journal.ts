/**
 * What happened in a run, in order. The journal is the run: whoever reads it from the beginning knows where each branch
 * stands, so a crash loses nothing that was written, and what was not written did not begin.
 */
export type JournalEntry =
  /** A step that only says where it goes on: start, end, conditions, parallel, a call of another playbook. */
  | {
      readonly kind: 'decided';
      readonly branch: string;
      readonly step: string;
      readonly choice: string;
      readonly timeMs: number;
    }
  /** An order is about to be given; written before it is. */
  | {
      readonly kind: 'started';
      readonly branch: string;
      readonly step: string;
      readonly key: string;
      readonly action: string;
      readonly given: Readonly<Record<string, string>>;
      readonly timeMs: number;
    }
  /** Its answer. With `retryAtMs` it is tried again: under the same key if it may have been done after all. */
  | {
      readonly kind: 'finished';
      readonly branch: string;
      readonly step: string;
      readonly key: string;
      readonly outcome: 'success' | 'failure';
      readonly values?: Readonly<Record<string, string>>;
      readonly problem?: string;
      readonly retryAtMs?: number;
      readonly isCertain?: boolean;
      readonly timeMs: number;
    }
  | { readonly kind: 'undoing'; readonly key: string; readonly step: string; readonly timeMs: number }
  | {
      readonly kind: 'undone';
      readonly key: string;
      readonly step: string;
      readonly outcome: 'success' | 'failure';
      readonly problem?: string;
      readonly timeMs: number;
    }
  /** Nothing can go on: a branch failed where nobody said what to do then. */
  | {
      readonly kind: 'failed';
      readonly branch: string;
      readonly step: string;
      readonly problem: string;
      readonly timeMs: number;
    };
export type Started = Extract<JournalEntry, { kind: 'started' }>;
export type Finished = Extract<JournalEntry, { kind: 'finished' }>;
