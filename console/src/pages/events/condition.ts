export const OPERATORS = ['=', '!=', '~', '^', '$', '?'] as const;
export type Operator = (typeof OPERATORS)[number];

/** One condition of the event search, as the API reads it: `user.name=root`, `src_endpoint.ip?`. */
export interface Condition {
  readonly field: string;
  readonly operator: Operator;
  readonly value: string;
}

const FIELD = /^[A-Za-z_][\w.-]{0,120}$/;
const CONDITION = /^([A-Za-z_][\w.-]{0,120})(!=|[=~^$?])([\s\S]{0,1000})$/;

export function isField(text: string): boolean {
  return FIELD.test(text);
}

/** Text for the `where` parameter; `undefined` when the field's name could be read as something else. */
export function encodeCondition({ field, operator, value }: Condition): string | undefined {
  if (!isField(field)) return undefined;
  return operator === '?' ? `${field}?` : `${field}${operator}${value.slice(0, 1000)}`;
}

/** The reverse; `undefined` for what is no condition. */
export function parseCondition(text: string): Condition | undefined {
  const [, field, operator, value] = CONDITION.exec(text) ?? [];
  if (field === undefined || operator === undefined) return undefined;
  return { field, operator: operator as Operator, value: operator === '?' ? '' : (value ?? '') };
}
