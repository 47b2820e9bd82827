import { describeLeaf, type LeafName, leafText, note, type ProblemList } from './verify-report.ts';

/** Places that were skipped are remembered up to here; a log that lost more is beyond naming leaf by leaf. */
const MAX_REMEMBERED = 100_000;

/**
 * Follows the entries of a log from its beginning and says which were changed, removed, inserted or moved (pure).
 *
 * An entry is *authentic* when it is known which signed leaf it is, wherever it stands, and *forged* otherwise. Forged
 * entries that stand where as many authentic ones are missing replaced them; others were inserted.
 */
export interface LeafTracer {
  authentic(index: number, leaf: LeafName | undefined): void;
  forged(leaf: LeafName | undefined): void;
  /** The leaves up to `endIndex` cannot be read and have been reported. */
  skipTo(endIndex: number): void;
  finish(size: number): void;
}

export function createLeafTracer(problems: ProblemList): LeafTracer {
  let expected = 0;
  let forged: (LeafName | undefined)[] = [];
  const skipped = new Set<number>();

  return {
    authentic(index, leaf) {
      if (index >= expected) {
        settle(index);
        expected = index + 1;
        return;
      }
      settle(expected);
      const name = describeLeaf(index, leaf);
      if (skipped.delete(index)) {
        note(problems, { kind: 'leaf_reordered', index, leaf, message: `${name} stands behind leaf ${expected - 1}.` });
      } else {
        const message = `A copy of ${name} was inserted before leaf ${expected}.`;
        note(problems, { kind: 'leaf_inserted', index: expected, leaf, message });
      }
    },
    forged(leaf) {
      forged.push(leaf);
      if (forged.length > MAX_REMEMBERED) settle(expected + forged.length);
    },
    skipTo(endIndex) {
      forged = [];
      expected = Math.max(expected, endIndex);
    },
    finish(size) {
      settle(Math.max(size, expected));
      for (const index of skipped) {
        note(problems, { kind: 'leaf_removed', index, message: `leaf ${index} was removed.` });
      }
    },
  };

  /** Explains what stood between the last authentic leaf and the one at `index`. */
  function settle(index: number): void {
    const replaced = Math.min(forged.length, index - expected);
    for (const [place, leaf] of forged.entries()) {
      const where = expected + Math.min(place, replaced);
      if (place < replaced) {
        const reads = leaf ? `; what stands there now reads: ${leafText(leaf)}` : ' and cannot be read';
        note(problems, { kind: 'leaf_changed', index: where, leaf, message: `leaf ${where} was changed${reads}.` });
      } else {
        const what = leaf ? `A leaf (${leafText(leaf)})` : 'Something that is no leaf';
        note(problems, {
          kind: 'leaf_inserted',
          index: where,
          leaf,
          message: `${what} was inserted before leaf ${where}.`,
        });
      }
    }
    for (let missing = expected + replaced; missing < index; missing += 1) {
      if (skipped.size < MAX_REMEMBERED) skipped.add(missing);
      else note(problems, { kind: 'leaf_removed', index: missing, message: `leaf ${missing} was removed.` });
    }
    expected = Math.max(expected, index);
    forged = [];
  }
}
