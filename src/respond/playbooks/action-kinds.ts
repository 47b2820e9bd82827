/** What an action takes and what it may do to the world, known without being able to do it. */
export interface ActionKind {
  readonly name: string;
  readonly parameters: Readonly<Record<string, { readonly type: ParameterType; readonly isRequired: boolean }>>;
  /** It changes something outside of Bartizan: it is never done twice for one key, and a dry run leaves it. */
  readonly isDangerous: boolean;
  readonly canBeUndone: boolean;
}

export type ParameterType = 'address' | 'seconds' | 'text';

/** The actions that a playbook may name. What carries them out is given to the runner. */
export const ACTION_KINDS: ReadonlyMap<string, ActionKind> = new Map<string, ActionKind>(
  (
    [
      {
        name: 'block',
        parameters: {
          address: { type: 'address', isRequired: true },
          for_seconds: { type: 'seconds', isRequired: false },
        },
        isDangerous: true,
        canBeUndone: true,
      },
      {
        name: 'notify',
        parameters: { message: { type: 'text', isRequired: true }, urgency: { type: 'text', isRequired: false } },
        isDangerous: true,
        canBeUndone: false,
      },
      {
        name: 'wait',
        parameters: { seconds: { type: 'seconds', isRequired: true } },
        isDangerous: false,
        canBeUndone: false,
      },
      {
        name: 'ask',
        parameters: { question: { type: 'text', isRequired: true } },
        isDangerous: false,
        canBeUndone: false,
      },
      {
        name: 'collect-evidence',
        parameters: { subject: { type: 'text', isRequired: true }, what: { type: 'text', isRequired: false } },
        isDangerous: false,
        canBeUndone: false,
      },
    ] as readonly ActionKind[]
  ).map((kind) => [kind.name, kind] as const),
);

/** Variable types that may stand for a parameter, and what a value of it has to look like. */
const PARAMETERS: Readonly<
  Record<ParameterType, { readonly variables?: readonly string[]; readonly fits: RegExp; readonly form: string }>
> = {
  address: {
    variables: ['ipv4-addr', 'ipv6-addr', 'string'],
    // What an address is decides the responder's own reader; this keeps everything else out.
    fits: /^[0-9a-fA-F.:]{2,45}(?:\/\d{1,3})?$/,
    form: 'an address or a range such as 203.0.113.9',
  },
  seconds: { variables: ['integer', 'long', 'string'], fits: /^[1-9]\d{0,6}$/, form: 'whole seconds such as 3600' },
  text: { fits: /^[^]{0,65536}$/, form: 'text' },
};

/** Why a value cannot be given to a parameter, or undefined. */
export function whyNotArgument(value: string, type: ParameterType): string | undefined {
  const { fits, form } = PARAMETERS[type];
  return fits.test(value) ? undefined : `“${value.slice(0, 60)}” is not ${form}`;
}

/** Why an action cannot be given these arguments, now that variables have values, or undefined. */
export function whyNotGiven(
  { name, parameters }: ActionKind,
  given: Readonly<Record<string, string>>,
): string | undefined {
  for (const [parameter, { type, isRequired }] of Object.entries(parameters)) {
    const value = Object.hasOwn(given, parameter) ? given[parameter] : undefined;
    if (value === undefined && isRequired) return `${name} needs ${parameter}`;
    const reason = value === undefined ? undefined : whyNotArgument(value, type);
    if (reason !== undefined) return `${parameter}: ${reason}`;
  }
  return undefined;
}

/** Why a variable of that type cannot stand for a parameter, or undefined. */
export function whyNotVariable(variableType: string, type: ParameterType): string | undefined {
  const { variables, form } = PARAMETERS[type];
  if (variables === undefined || variables.includes(variableType)) return undefined;
  return `a variable of type ${variableType} is not ${form}`;
}
