import { toBartizanError } from '#kit/errors.ts';
import { checkRules, testRules } from './rules.ts';

/** `bartizan rules check|test DIR…`: exit 0 all well, 1 a case failed, 2 a rule is invalid or a folder unreadable. */
export function rulesCommand(name: 'check' | 'test', folders: readonly string[]): void {
  try {
    process.exitCode = name === 'check' ? checkRules(folders) : testRules(folders);
  } catch (thrown) {
    throw toBartizanError(thrown, 'BTZ_INPUT_UNREADABLE', { path: folders.join(', ') });
  }
}
