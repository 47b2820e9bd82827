import { type Attributes, isUnknown, type Value } from '#model/resource.ts';
import { present } from '../canonical-shape.ts';
import { type DockerInstruction, jsonList } from './instructions.ts';
import { assignments, expand } from './variables.ts';
import { shellCommands, shellWords } from './words.ts';

/**
 * The attributes of a `dockerfile`. Every block has `line` and `end_line`; every block but `stage` and `last_stage` has `stage`, the index of its
 * stage from 0 (−1 before the first FROM), and `last`, whether that is the last one: the one that ships.
 *
 * - `stage`, and `last_stage` with the last one: `index`, `name`, `from` (the text after FROM), `image`, `tag`, `digest`, `platform`,
 *   `base_stage` (name or index of an earlier stage that it builds on; then no image, tag or digest), `base_image` (the image at the end of
 *   that chain), `user` (the one in force at its end, from an earlier stage too; absent where only the image says), `workdir`, `last`,
 *   `healthcheck` (whether one is set), `instruction` (as below)
 * - `from`: the same blocks as `stage`, without `instruction`
 * - `instruction`: `keyword`, `arguments` (text), `flags` (map), `json` (exec form)
 * - `run`: `command` (text, here-documents included), `json`, `commands` (`name`, `words`, `piped`), `mount` (texts), `network`, `security`, `user` in force
 * - `copy`, `add`: `source` (list), `destination`, `from`, `chown`, `chmod`, `heredoc`, `checksum`, `url` (whether a source is one)
 * - `cmd`, `entrypoint`: `command` (text), `words`, `json`; `healthcheck`: the same with `none` and `interval`, `timeout`, `retries` …
 * - `env`, `arg`, `label`: `name`, `value`
 * - `expose`: `port` (number; text of a range), `protocol`; `user`: `name`, `group`; `workdir`: `path`; `volume`: `path`; `shell`: `words`
 * - `maintainer`, `onbuild`, `stopsignal`: `arguments`
 *
 * Variables are replaced in FROM, USER, EXPOSE and WORKDIR by the values of ARG and ENV; unknown where there is none.
 */
export function dockerfileAttributes(instructions: readonly DockerInstruction[]): Record<string, Value> {
  const state: State = { stages: [], globals: new Map(), variables: new Map(), blocks: new Map() };
  for (const instruction of instructions) {
    if (instruction.keyword === 'FROM') beginStage(instruction, state);
    const stage = state.stages.at(-1);
    stage?.instructions.push(plain(instruction));
    if (stage !== undefined) stage.endLine = instruction.endLine;
    for (const block of blocksOf(instruction, state)) {
      const list = state.blocks.get(instruction.keyword) ?? [];
      list.push({ ...block, ...lines(instruction), stage: state.stages.length - 1 });
      state.blocks.set(instruction.keyword, list);
    }
  }
  return attributesOf(state);
}

interface Stage {
  readonly made: Record<string, Value>;
  readonly base: Stage | undefined;
  readonly instructions: Attributes[];
  endLine: number;
  user: Value | undefined;
  workdir: Value | undefined;
  healthcheck: boolean;
}

interface State {
  readonly stages: Stage[];
  /** ARGs before the first FROM: they hold in FROM, and in a stage only if it names them again. */
  readonly globals: Map<string, string | undefined>;
  variables: Map<string, string | undefined>;
  readonly blocks: Map<string, Record<string, Value>[]>;
}

function attributesOf(state: State): Record<string, Value> {
  const last = state.stages.length - 1;
  const stages = state.stages.map((stage, index) => ({
    ...stage.made,
    ...present({ user: stage.user, workdir: stage.workdir }),
    healthcheck: stage.healthcheck,
    end_line: stage.endLine,
    last: index === last,
  }));
  const whole = stages.map((stage, index) => ({ ...stage, instruction: state.stages[index]?.instructions ?? [] }));
  const made: Record<string, Value> = { stage: whole, from: stages };
  const shipped = whole.at(-1);
  if (shipped !== undefined) made.last_stage = [shipped];
  for (const [keyword, blocks] of state.blocks) {
    const name = keyword.toLowerCase();
    if (LISTED.has(keyword)) made[name] = blocks.map((block) => ({ ...block, last: block.stage === last }));
  }
  made.instruction = state.stages.flatMap((stage, index) =>
    stage.instructions.map((one) => ({ ...one, stage: index, last: index === last })),
  );
  return made;
}

const LISTED = new Set([
  'RUN',
  'COPY',
  'ADD',
  'CMD',
  'ENTRYPOINT',
  'HEALTHCHECK',
  'ENV',
  'ARG',
  'LABEL',
  'EXPOSE',
  'USER',
  'WORKDIR',
  'VOLUME',
  'SHELL',
  'MAINTAINER',
  'ONBUILD',
  'STOPSIGNAL',
]);

function beginStage(instruction: DockerInstruction, state: State): void {
  const words = shellWords(instruction.arguments);
  const image = expand(words[0] ?? '', state.globals);
  const name = words[1]?.toLowerCase() === 'as' ? words[2]?.toLowerCase() : undefined;
  const base =
    typeof image === 'string' ? state.stages.find((stage) => stage.made.name === image.toLowerCase()) : undefined;
  const platform = instruction.flags.platform;
  const reference: Readonly<Record<string, Value | undefined>> =
    base !== undefined
      ? { base_stage: image, base_image: base.made.base_image }
      : isUnknown(image)
        ? { image, base_image: image }
        : { ...imageParts(typeof image === 'string' ? image : '') };
  state.stages.push({
    made: present({
      index: state.stages.length,
      name,
      from: instruction.arguments,
      ...reference,
      platform:
        platform === undefined ? undefined : expand(platform, new Map([...PLATFORM_ARGUMENTS, ...state.globals])),
      line: instruction.line,
    }),
    base,
    instructions: [],
    endLine: instruction.endLine,
    user: base?.user,
    workdir: base?.workdir,
    healthcheck: base?.healthcheck ?? false,
  });
  state.variables = new Map();
}

/** Set by the builder itself; which platform it is does not matter to whoever reads the file. */
const PLATFORM_ARGUMENTS = ['BUILDPLATFORM', 'TARGETPLATFORM'].map((name) => [name, `$${name}`] as const);

/** `registry:5000/team/app:1.2@sha256:…` */
function imageParts(text: string): Record<string, Value | undefined> {
  const [named = '', digest] = text.split('@', 2);
  const colon = named.lastIndexOf(':');
  const tagged = colon > named.lastIndexOf('/');
  const image = tagged ? named.slice(0, colon) : named;
  return { image, base_image: image, tag: tagged ? named.slice(colon + 1) : undefined, digest };
}

function plain(instruction: DockerInstruction): Attributes {
  return {
    keyword: instruction.keyword,
    arguments: instruction.arguments,
    flags: { ...instruction.flags },
    json: instruction.list !== undefined,
    ...lines(instruction),
  };
}

function lines(instruction: DockerInstruction): { line: number; end_line: number } {
  return { line: instruction.line, end_line: instruction.endLine };
}

function blocksOf(instruction: DockerInstruction, state: State): readonly Record<string, Value>[] {
  const { keyword, list, flags } = instruction;
  const text = instruction.arguments;
  const stage = state.stages.at(-1);
  switch (keyword) {
    case 'RUN':
      return [
        present({
          ...commandOf(instruction),
          mount: flags.mount?.split('\n'),
          network: flags.network,
          security: flags.security,
          user: stage?.user,
        }),
      ];
    case 'CMD':
    case 'ENTRYPOINT':
      return [commandOf(instruction)];
    case 'HEALTHCHECK':
      return [healthcheck(instruction, stage)];
    case 'COPY':
    case 'ADD':
      return [transfer(instruction)];
    case 'ENV':
    case 'LABEL':
    case 'ARG':
      return variables(instruction, state);
    case 'EXPOSE':
      return shellWords(text).map((word) => exposed(expand(word, state.variables)));
    case 'USER': {
      const user = expand(text, state.variables);
      const [name, group] = typeof user === 'string' ? user.split(':', 2) : [user];
      if (stage !== undefined) stage.user = name;
      return [present({ name, group })];
    }
    case 'WORKDIR': {
      const path = expand(text, state.variables);
      if (stage !== undefined) stage.workdir = path;
      return [{ path }];
    }
    case 'VOLUME':
      return (list ?? shellWords(text)).map((path) => ({ path }));
    case 'SHELL':
      return [{ words: [...(list ?? [])] }];
    default:
      return LISTED.has(keyword) ? [{ arguments: text }] : [];
  }
}

function commandOf({ arguments: text, list, heredoc }: DockerInstruction): Record<string, Value> {
  if (list !== undefined) {
    const script =
      list.length > 2 && /^(?:.*\/)?(?:ba|da|a|z|k)?sh$/.test(list[0] ?? '') && /^-\w*c$/.test(list[1] ?? '')
        ? list[2]
        : undefined;
    const name = list[0]?.split('/').at(-1) ?? '';
    const commands = script === undefined ? [{ name, words: list, piped: false }] : shellCommands(script);
    return { command: list.join(' '), words: [...list], json: true, commands: commands.map(commandBlock) };
  }
  const script = heredoc === undefined ? text : `${text.replace(/<<-?\s*["']?\w+["']?/g, ' ')}\n${heredoc}`.trim();
  return {
    command: script,
    words: [...shellWords(script)],
    json: false,
    commands: shellCommands(script).map(commandBlock),
  };
}

function commandBlock(command: {
  readonly name: string;
  readonly words: readonly string[];
  readonly piped: boolean;
}): Attributes {
  return { name: command.name, words: [...command.words], piped: command.piped };
}

function healthcheck(instruction: DockerInstruction, stage: Stage | undefined): Record<string, Value> {
  const none = /^none$/i.test(instruction.arguments);
  if (stage !== undefined) stage.healthcheck = !none;
  const text = instruction.arguments.replace(/^CMD\s+/i, '');
  const own: DockerInstruction = { ...instruction, arguments: text, list: jsonList(text) };
  return { ...(none ? {} : commandOf(own)), none, ...instruction.flags };
}

function transfer({ arguments: text, list, flags, heredoc }: DockerInstruction): Record<string, Value> {
  const words = list ?? shellWords(text);
  const source = words.slice(0, -1);
  return present({
    source: [...source],
    destination: words.at(-1),
    from: flags.from,
    chown: flags.chown,
    chmod: flags.chmod,
    checksum: flags.checksum,
    heredoc: heredoc !== undefined,
    url: source.some((one) => /^(?:https?|ftp|git):\/\/|^git@/i.test(one)),
  });
}

function variables(instruction: DockerInstruction, state: State): readonly Record<string, Value>[] {
  const made = assignments(shellWords(instruction.arguments), instruction.arguments, instruction.keyword !== 'ARG');
  for (const { name, value } of made) {
    if (instruction.keyword === 'LABEL') continue;
    const known =
      value === undefined ? undefined : expand(value, state.stages.length === 0 ? state.globals : state.variables);
    const text = typeof known === 'string' ? known : undefined;
    if (state.stages.length === 0) state.globals.set(name, text);
    else state.variables.set(name, value === undefined ? state.globals.get(name) : text);
  }
  return made.map(({ name, value }) => present({ name, value }));
}

function exposed(word: Value): Record<string, Value> {
  if (typeof word !== 'string') return { port: word, protocol: 'tcp' };
  const [port = '', protocol = 'tcp'] = word.split('/', 2);
  return { port: /^\d{1,5}$/.test(port) ? Number(port) : port, protocol: protocol.toLowerCase() };
}
