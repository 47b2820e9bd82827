import { makeTest } from './matcher.ts';
import { type Flags, parseRegex } from './parse.ts';
import { toProgram } from './program.ts';
import { requiredTexts } from './required.ts';

export type { Flags } from './parse.ts';

/** A regular expression that was found fit to run on hostile text. */
export interface LinearRegex {
  readonly source: string;
  readonly flags: Readonly<Flags>;
  /** Whether it matches anywhere in the text; time is linear in the text's length. */
  test(text: string): boolean;
  /** Of every lower-cased text that it matches, at least one of these is a part. */
  readonly required: readonly string[] | undefined;
}

/**
 * Compiles a PCRE-like pattern to a machine that never runs away.
 *
 * Not V8's: measured on Node 24, its linear engine refuses the `i` and `u` flags and counts above 16, so that with
 * `--enable-experimental-regexp-engine-on-excessive-backtracks` such patterns would still back-track without bound.
 *
 * Differs from PCRE: code units instead of code points above U+FFFF, `$` at the very end only.
 *
 * @throws Refusal when the pattern is wrong, or needs what cannot run in linear time.
 */
export function compileRegex(source: string, flags: Readonly<Flags>): LinearRegex {
  const node = parseRegex(source, { ...flags });
  const program = toProgram(node);
  let test: ((text: string) => boolean) | undefined;
  return {
    source,
    flags: { ...flags },
    // Most rules never see a text that gets as far as this: the tables are made when one does.
    test: (text) => {
      test ??= makeTest(program);
      return test(text);
    },
    required: requiredTexts(node),
  };
}
