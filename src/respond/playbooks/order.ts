import { type Approval, type Automation, approvalSchema, EXTENSIONS, stepExtensionSchema } from './extensions.ts';
import type { StepOf } from './model.ts';
import { bareName, fillIn, type Values } from './variables.ts';

/** What an action step comes to: an action with its arguments. Manual commands and approvals are questions to people. */
export interface StepOrder {
  readonly action: string;
  readonly given: Readonly<Record<string, string>>;
  readonly automation: Automation | undefined;
  readonly approval: Approval | undefined;
  /** Variables that the answer may set. */
  readonly outArgs: readonly string[];
  readonly timeoutMs: number;
}

const AUTOMATIC_TIMEOUT_MS = 60_000;
const LONGEST_WAIT_MS = 31 * 86_400_000;
const PERSON_TIMEOUT_MS = 7 * 86_400_000;

/** The order of a step, with these values. Values go into arguments as they are; nothing is read out of them. */
export function orderOf(step: StepOf<'action'>, values: Values): StepOrder {
  const extension = stepExtensionSchema.safeParse(step.step_extensions?.[EXTENSIONS.step]).data;
  const approval = approvalSchema.safeParse(step.step_extensions?.[EXTENSIONS.approval]).data;
  const automation = extension?.automation;
  const outArgs = (step.out_args ?? []).map(bareName);
  if (automation && !approval) {
    const given = Object.entries(automation.arguments).map(([name, text]) => [name, fillIn(text, values)]);
    const timeoutMs = step.timeout ?? (automation.action === 'wait' ? LONGEST_WAIT_MS : AUTOMATIC_TIMEOUT_MS);
    return { action: automation.action, given: Object.fromEntries(given), automation, approval, outArgs, timeoutMs };
  }
  const text = step.commands.map(({ command, command_b64: encoded }) => command ?? decoded(encoded)).join('\n');
  const question = fillIn(approval?.question.en ?? extension?.text?.en ?? text, values);
  const chinese = approval?.question.zh ?? extension?.text?.zh;
  const timeoutMs = approval ? approval.expires_seconds * 1_000 : (step.timeout ?? PERSON_TIMEOUT_MS);
  return {
    action: 'ask',
    given: { question, ...(chinese !== undefined && { question_zh: fillIn(chinese, values) }) },
    automation: undefined,
    approval,
    outArgs,
    timeoutMs,
  };
}

function decoded(text: string | undefined): string {
  return text === undefined ? '' : Buffer.from(text, 'base64').toString('utf8');
}
