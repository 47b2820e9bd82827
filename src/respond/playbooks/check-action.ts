import { type ActionKind, whyNotArgument, whyNotVariable } from './action-kinds.ts';
import { EXTENSIONS, stepExtensionSchema } from './extensions.ts';
import { COMMAND_TYPES, type Command, type Playbook, type StepOf } from './model.ts';
import { invalid, type PlaybookProblem, undeclared, unsupported } from './problem.ts';
import { bareName, referencesIn, type Scope, wholeReference } from './variables.ts';

/** Commands whose text a shell or an interpreter reads: no value may become a part of it. */
const INTERPRETED = new Set([
  'bash',
  'ssh',
  'powershell',
  'caldera-cmd',
  'jupyter',
  'kestrel',
  'elastic',
  'sigma',
  'yara',
]);
const HTTP = new Set(['http-api', 'openc2-http', 'openc2']);

/** What is wrong with an action step: its agent and targets, commands, arguments, and what Bartizan does in their place. */
export function checkActionStep(
  id: string,
  step: StepOf<'action'>,
  scope: Scope,
  playbook: Playbook,
  actions: ReadonlyMap<string, ActionKind>,
): readonly PlaybookProblem[] {
  const problems: PlaybookProblem[] = [];
  if (!Object.hasOwn(playbook.agent_definitions ?? {}, step.agent))
    problems.push(invalid(`agent ${step.agent} is not defined`, 'Add it under agent_definitions.', id));
  for (const target of step.targets ?? [])
    if (
      !Object.hasOwn(playbook.target_definitions ?? {}, target) &&
      !Object.hasOwn(playbook.agent_definitions ?? {}, target)
    )
      problems.push(invalid(`target ${target} is not defined`, 'Add it under target_definitions.', id));
  for (const name of [...(step.in_args ?? []), ...(step.out_args ?? [])].map(bareName))
    if (!Object.hasOwn(scope, name)) problems.push(undeclared(name, id));
  for (const name of (step.out_args ?? []).map(bareName))
    if (scope[name]?.constant) problems.push(invalid(`out_args sets ${name}, which is constant`, 'Use another.', id));

  const extension = stepExtensionSchema.safeParse(step.step_extensions?.[EXTENSIONS.step] ?? {});
  const automation = extension.success ? extension.data.automation : undefined;
  for (const command of step.commands) problems.push(...checkCommand(id, command, scope, automation !== undefined));
  if (!automation) return problems;

  const kind = actions.get(automation.action);
  if (!kind) {
    const names = [...actions.keys()].join(', ');
    return [...problems, unsupported(`the action ${automation.action} is not offered`, `Use one of: ${names}.`, id)];
  }
  if (automation.undo_on_failure && !kind.canBeUndone)
    problems.push(invalid(`${kind.name} cannot be undone`, 'Take undo_on_failure out.', id));
  return [...problems, ...checkArguments(id, automation.arguments, kind, scope)];
}

function checkCommand(id: string, command: Command, scope: Scope, isAutomatic: boolean): readonly PlaybookProblem[] {
  const { type } = command;
  const problems: PlaybookProblem[] = [];
  const texts = textsOf(command);
  if (texts === undefined) return [invalid(`command_b64 or content_b64 is no base64`, 'Encode it anew.', id)];
  const names = [...new Set(texts.flatMap(({ text }) => referencesIn(text)))];
  for (const name of names) if (!Object.hasOwn(scope, name)) problems.push(undeclared(name, id));
  const fromOutside = (text: string) => referencesIn(text).filter((name) => scope[name] && !scope[name].constant);

  for (const { text, place } of texts) {
    const spliced = fromOutside(text);
    if (spliced.length === 0) continue;
    if (INTERPRETED.has(type))
      problems.push(
        invalid(
          `${spliced.join(', ')} would become part of a ${type} command`,
          'Whoever sets the value could run commands. Use a constant, or an action that takes it as an argument.',
          id,
        ),
      );
    else if (HTTP.has(type) && place !== 'content')
      problems.push(
        invalid(
          `${spliced.join(', ')} would become part of the ${place} of a request`,
          'Whoever sets the value could add headers or change the address. Put it into the content.',
          id,
        ),
      );
  }
  if (type === 'manual' && command.command === undefined && command.command_b64 === undefined)
    problems.push(invalid('a manual command without text', 'Say in command what the person is to do.', id));
  if (type === 'manual' || isAutomatic) return problems;
  if (!COMMAND_TYPES.includes(type))
    return [
      ...problems,
      unsupported(
        `the command type ${type} is unknown`,
        `CACAO knows ${COMMAND_TYPES.join(', ')}; use manual here.`,
        id,
      ),
    ];
  return [
    ...problems,
    unsupported(
      `${type} commands are not run here`,
      'Bartizan sends no code to machines. Use manual, with an automatic step where there is an action for it.',
      id,
    ),
  ];
}

type CommandText = { readonly text: string; readonly place: 'command' | 'headers' | 'content' };

function textsOf(command: Command): readonly CommandText[] | undefined {
  const decoded = decode(command.command_b64);
  const content = decode(command.content_b64);
  if (decoded === undefined || content === undefined) return undefined;
  return [
    { text: command.command ?? '', place: 'command' },
    { text: decoded, place: 'command' },
    { text: command.content ?? '', place: 'content' },
    { text: content, place: 'content' },
    ...Object.entries(command.headers ?? {}).map(
      ([name, values]) => ({ text: [name, ...values].join('\n'), place: 'headers' }) as const,
    ),
  ];
}

function decode(text: string | undefined): string | undefined {
  if (text === undefined) return '';
  const compact = text.replace(/\s+/g, '');
  if (!/^[A-Za-z0-9+/]*={0,2}$/.test(compact)) return undefined;
  return Buffer.from(compact, 'base64').toString('utf8');
}

function checkArguments(
  id: string,
  given: Readonly<Record<string, string>>,
  { name, parameters }: ActionKind,
  scope: Scope,
): readonly PlaybookProblem[] {
  const problems: PlaybookProblem[] = [];
  for (const [parameter, { isRequired }] of Object.entries(parameters))
    if (isRequired && !Object.hasOwn(given, parameter))
      problems.push(invalid(`${name} needs ${parameter}`, `Add ${parameter} under arguments.`, id));
  for (const [parameter, value] of Object.entries(given)) {
    const known = Object.hasOwn(parameters, parameter) ? parameters[parameter] : undefined;
    if (!known) {
      problems.push(invalid(`${name} takes no ${parameter}`, `It takes ${Object.keys(parameters).join(', ')}.`, id));
      continue;
    }
    const references = referencesIn(value);
    for (const reference of references) if (!Object.hasOwn(scope, reference)) problems.push(undeclared(reference, id));
    if (known.type === 'text') continue;
    const whole = wholeReference(value);
    if (references.length > 0 && whole === undefined) {
      problems.push(invalid(`${parameter} is put together from pieces`, 'Write one variable and nothing else.', id));
      continue;
    }
    const variable = whole === undefined ? undefined : scope[whole];
    const reason = variable
      ? whyNotVariable(variable.type, known.type)
      : whole
        ? undefined
        : whyNotArgument(value, known.type);
    if (reason) problems.push(invalid(`${parameter}: ${reason}`, 'Correct the value or the type.', id));
  }
  return problems;
}
