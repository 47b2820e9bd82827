import { toBartizanError } from '#kit/errors.ts';
import { CONTENT_FOLDER } from '#server/content.ts';
import { measureRules } from './rules-bench.ts';
import { checkRules, testRules } from './rules.ts';

/** `bartizan rules check|test DIR…`: exit 0 all well, 1 a case failed, 2 a rule is invalid or a folder unreadable. */
export function rulesCommand(name: 'check' | 'test', folders: readonly string[]): void {
  try {
    process.exitCode = name === 'check' ? checkRules(folders) : testRules(folders);
  } catch (thrown) {
    throw toBartizanError(thrown, 'BTZ_INPUT_UNREADABLE', { path: folders.join(', ') });
  }
}

/** `bartizan rules bench DIR…`: prints what `measureRules` finds, as one line of JSON last. */
export function rulesBenchCommand(folders: readonly string[], options: { readonly events: readonly string[] }): void {
  try {
    const rates = measureRules(folders, options.events, CONTENT_FOLDER);
    process.stdout.write(`per second of CPU, one core, medians of five\n${JSON.stringify(rates)}\n`);
  } catch (thrown) {
    throw toBartizanError(thrown, 'BTZ_INPUT_UNREADABLE', { path: folders.join(', ') });
  }
}
