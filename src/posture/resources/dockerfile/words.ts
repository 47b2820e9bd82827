/** One simple command of a shell line. */
export interface ShellCommand {
  /** The program: first word after assignments, `sudo`, `exec`, `env` and the like; without its folder. */
  readonly name: string;
  /** Its words, quotes taken off, the program first. */
  readonly words: readonly string[];
  /** Whether its output goes into the next command. */
  readonly piped: boolean;
}

const MAX_COMMANDS = 2_000;
const MAX_WORDS = 2_000;

/**
 * Splits a shell text into simple commands at `&&`, `||`, `;`, `|`, `&`, parentheses and newlines, and those into words. Quotes and backslashes are
 * respected; nothing is expanded. It is no shell: enough to see which program is called with what. Never throws, linear.
 */
export function shellCommands(text: string): readonly ShellCommand[] {
  const commands: ShellCommand[] = [];
  let words: string[] = [];
  const end = (piped: boolean): void => {
    const first = words.findIndex((word, index) => !isPrefix(word, words[index - 1]));
    if (first !== -1 && commands.length < MAX_COMMANDS) {
      const own = words.slice(first);
      commands.push({ name: own[0]?.split('/').at(-1) ?? '', words: own, piped });
    }
    words = [];
  };
  for (const token of tokens(text)) {
    if (token.operator !== undefined) end(token.operator === '|' || token.operator === '|&');
    else if (words.length < MAX_WORDS) words.push(token.word);
  }
  end(false);
  return commands;
}

/** The words of a text as a shell would have them. */
export function shellWords(text: string): readonly string[] {
  return [...tokens(text)].filter((token) => token.operator === undefined).map((token) => token.word);
}

function isPrefix(word: string, before: string | undefined): boolean {
  return PREFIXES.has(word) || /^[A-Za-z_]\w*=/.test(word) || (before === 'sudo' && word.startsWith('-'));
}

const PREFIXES = new Set([
  'sudo',
  'exec',
  'env',
  'then',
  'do',
  'else',
  'if',
  'while',
  'until',
  '!',
  '{',
  '}',
  'time',
  'command',
  'nohup',
]);

interface Token {
  readonly word: string;
  readonly operator?: string;
}

function* tokens(text: string): Generator<Token> {
  let word = '';
  let started = false;
  let index = 0;
  while (index < text.length) {
    const char = text.charAt(index);
    if (char === '\\' && index + 1 < text.length) {
      word += text.charAt(index + 1);
      started = true;
      index += 2;
      continue;
    }
    if (char === "'" || char === '"') {
      const close = closing(text, index, char);
      word += text.slice(index + 1, close);
      started = true;
      index = close + 1;
      continue;
    }
    const operator = OPERATORS.find((candidate) => text.startsWith(candidate, index));
    const space = char === ' ' || char === '\t' || char === '\r';
    if (operator === undefined && !space) {
      if (char === '#' && !started) {
        const line = text.indexOf('\n', index);
        index = line === -1 ? text.length : line;
        continue;
      }
      word += char;
      started = true;
      index += 1;
      continue;
    }
    const redirects = operator === '&' && (word.endsWith('>') || word.endsWith('<') || text.charAt(index + 1) === '>');
    const substitutes = operator === '(' && word.endsWith('$');
    if (redirects || substitutes) {
      word += char;
      index += 1;
      continue;
    }
    if (started) yield { word };
    word = '';
    started = false;
    if (operator !== undefined) yield { word: '', operator };
    index += operator?.length ?? 1;
  }
  if (started) yield { word };
}

const OPERATORS = ['&&', '||', '|&', ';', '|', '&', '\n', '(', ')'];

function closing(text: string, open: number, quote: string): number {
  let index = open + 1;
  while (index < text.length) {
    const char = text.charAt(index);
    if (char === quote) return index;
    index += char === '\\' && quote === '"' ? 2 : 1;
  }
  return text.length;
}
