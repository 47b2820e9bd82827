import type { Node } from './parse.ts';
import { type CharSet, withoutCase } from './sets.ts';

/**
 * Texts of which at least one, in lower case, is in every lower-cased text that the pattern matches; undefined when there
 * are none worth looking for. Only ASCII, where lower case has one meaning.
 */
export function requiredTexts(node: Node): readonly string[] | undefined {
  const found = best(node);
  return found === undefined || weight(found) < 2 ? undefined : found;
}

const MAX_TEXTS = 32;

function best(node: Node): readonly string[] | undefined {
  switch (node.kind) {
    case 'set':
    case 'sequence':
      return bestOfSequence(node.kind === 'set' ? [node] : flat(node.of));
    case 'choice': {
      const branches = node.of.map(best);
      if (branches.some((branch) => branch === undefined)) return undefined;
      const all = [...new Set(branches.flatMap((branch) => branch as readonly string[]))];
      return all.length > MAX_TEXTS ? undefined : all;
    }
    case 'repeat':
      return node.min > 0 ? best(node.of) : undefined;
    case 'assertion':
      return undefined;
  }
}

function flat(nodes: readonly Node[]): Node[] {
  return nodes.flatMap((node) => (node.kind === 'sequence' ? flat(node.of) : [node]));
}

function bestOfSequence(nodes: readonly Node[]): readonly string[] | undefined {
  let found: readonly string[] | undefined;
  let run = '';
  const offer = (texts: readonly string[] | undefined): void => {
    if (texts !== undefined && (found === undefined || weight(texts) > weight(found))) found = texts;
  };
  for (const node of nodes) {
    const letter = node.kind === 'set' ? singleLetter(node.set) : undefined;
    if (letter !== undefined) {
      run += letter;
      continue;
    }
    // A place between two letters takes nothing: the letters stay neighbours.
    if (node.kind === 'assertion') continue;
    if (run !== '') offer([run]);
    run = '';
    if (node.kind !== 'set') offer(best(node));
  }
  if (run !== '') offer([run]);
  return found;
}

function weight(texts: readonly string[]): number {
  return Math.min(...texts.map((text) => text.length)) - Math.log2(texts.length) / 4;
}

function singleLetter(set: CharSet): string | undefined {
  const code = set[0] as number | undefined;
  if (code === undefined || (set[set.length - 1] as number) >= 128) return undefined;
  const letter = String.fromCharCode(code);
  const only = set.length === 2 && set[0] === set[1];
  if (!only && withoutCase([code, code]).join() !== set.join()) return undefined;
  return letter.toLowerCase();
}
