import { BartizanError, toBartizanError } from '#kit/errors.ts';
import { LOADERS, type LoadedTree, loadTree } from '#posture/resources/index.ts';
import { problemLine } from './format.ts';

/**
 * The infrastructure code under the paths. What cannot be read is told on standard error, and the rest is loaded.
 *
 * @throws BartizanError BTZ_INPUT_UNREADABLE where a path is not there, or there is no such code under any
 */
export async function loadCode(paths: readonly string[]): Promise<LoadedTree> {
  const tree = await load(paths);
  for (const problem of tree.problems) process.stderr.write(problemLine(problem));
  if (tree.files > 0 || tree.problems.length > 0) return tree;
  throw new BartizanError('BTZ_INPUT_UNREADABLE', {
    path: paths.join(', '),
    problem: 'there is no infrastructure code in it.',
  });
}

async function load(paths: readonly string[]): Promise<LoadedTree> {
  try {
    return await loadTree(paths, LOADERS);
  } catch (thrown) {
    throw toBartizanError(thrown, 'BTZ_INPUT_UNREADABLE', { path: paths.join(', ') });
  }
}
