import { DockerfileParser, type Instruction } from 'dockerfile-ast';

/** One instruction, its continued lines joined and comments between them dropped. */
export interface DockerInstruction {
  /** Upper case. */
  readonly keyword: string;
  /** What follows the flags, as one text. */
  readonly arguments: string;
  readonly line: number;
  readonly endLine: number;
  /** `--from=build` → `from: 'build'`; a flag given twice (`--mount`) keeps all, a newline between. */
  readonly flags: Readonly<Record<string, string>>;
  /** The exec form, `["sh", "-c", "x"]`. */
  readonly list: readonly string[] | undefined;
  /** The bodies of here-documents, joined. */
  readonly heredoc: string | undefined;
}

const MAX_INSTRUCTIONS = 10_000;

/** The instructions of a Dockerfile in their order. May throw on what the library cannot read. */
export function dockerInstructions(text: string): readonly DockerInstruction[] {
  const parsed = DockerfileParser.parse(text);
  const escape = parsed.getEscapeCharacter();
  return parsed
    .getInstructions()
    .slice(0, MAX_INSTRUCTIONS)
    .map((instruction) => read(instruction, escape));
}

function read(instruction: Instruction, escape: string): DockerInstruction {
  const range = instruction.getRange();
  const { flags, rest } = takeFlags(joined(instruction.getRawArgumentsContent() ?? '', escape), instruction);
  const heredoc = HEREDOC.test(rest) ? heredocBody(rest) : undefined;
  const own = heredoc === undefined ? rest : (rest.split('\n', 1)[0] ?? '');
  return {
    keyword: instruction.getKeyword(),
    arguments: own.trim(),
    line: range.start.line + 1,
    endLine: range.end.line + 1,
    flags,
    list: jsonList(own),
    heredoc,
  };
}

const HEREDOC = /<<-?\s*["']?[A-Za-z_]\w*["']?[^\n]*\n/;

function heredocBody(text: string): string {
  const lines = text.split('\n').slice(1);
  const names = [...(text.split('\n', 1)[0] ?? '').matchAll(/<<-?\s*["']?([A-Za-z_]\w*)/g)].map((match) => match[1]);
  return lines.filter((line) => !names.includes(line.trim())).join('\n');
}

/** Continued lines become one; comment lines and empty lines between them go, as the builder has it. Here-documents stay as they are. */
function joined(raw: string, escape: string): string {
  const lines = raw.split(/\r?\n/);
  let text = '';
  for (const [index, line] of lines.entries()) {
    if (index > 0 && /^\s*(?:#.*)?$/.test(line) && index < lines.length) continue;
    const trimmed = line.trimEnd();
    if (!trimmed.endsWith(escape)) return `${text}${[line, ...lines.slice(index + 1)].join('\n')}`;
    text += `${trimmed.slice(0, -1)} `;
  }
  return text;
}

/** The library knows the flags of most instructions; what it leaves at the beginning of the text is one too. */
function takeFlags(text: string, instruction: Instruction): { flags: Record<string, string>; rest: string } {
  const flags: Record<string, string> = {};
  const add = (name: string, value: string): void => {
    if (name === '__proto__') return;
    const before = Object.hasOwn(flags, name) ? flags[name] : undefined;
    flags[name] = before === undefined ? value : `${before}\n${value}`;
  };
  for (const flag of 'getFlags' in instruction ? (instruction as FlagHolder).getFlags() : [])
    add(flag.getName(), flag.getValue() ?? '');
  let rest = text;
  for (let match = FLAG.exec(rest); match !== null; match = FLAG.exec(rest)) {
    add(match[1] ?? '', match[2] ?? '');
    rest = rest.slice(match[0].length);
  }
  return { flags, rest };
}

const FLAG = /^\s*--([a-z][a-z-]*)(?:=(\S*))?(?:\s+|$)/;

interface FlagHolder {
  readonly getFlags: () => readonly { readonly getName: () => string; readonly getValue: () => string | null }[];
}

/** The exec form’s list, if the text is one. */
export function jsonList(text: string): readonly string[] | undefined {
  if (!text.trimStart().startsWith('[')) return undefined;
  try {
    const parsed = JSON.parse(text) as unknown;
    return Array.isArray(parsed) && parsed.every((item) => typeof item === 'string') ? (parsed as string[]) : undefined;
  } catch {
    return undefined;
  }
}
