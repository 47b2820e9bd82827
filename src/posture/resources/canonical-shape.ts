import { type Attributes, isAttributes, isUnknown, unknown, type Value } from '#model/resource.ts';
import { jsonText } from './stack-functions.ts';

/** How one resource type of a template language becomes a type of the Terraform providers. Data; the names are the providers’ documentation’s. */
export interface TypeRule {
  /** `alicloud_oss_bucket`. Without it the type is converted by its name. */
  readonly type?: string | undefined;
  /** Another type than `type`, by the properties that are written. */
  readonly kind?: ((has: (property: string) => boolean) => string | undefined) | undefined;
  readonly properties?: Properties | undefined;
  /** What the provider keeps in resources of their own; they stand beside the first. */
  readonly also?: ((given: Given) => readonly Made[]) | undefined;
  /** The resource is only what `also` makes (a list of attachments, say). */
  readonly only?: boolean | undefined;
  /** Fills in what follows from several properties together, or from one’s absence. */
  readonly finish?: ((made: Record<string, Value>, given: Given) => void) | undefined;
}

/** By the name in the template. A name that is not listed is converted by the general rule. */
export type Properties = Readonly<Record<string, PropertyRule>>;

/** A name is the provider’s; `false` leaves the property out. */
export type PropertyRule = string | false | PropertyDetail;

export interface PropertyDetail {
  readonly to?: string;
  /** The properties of the block or blocks inside. */
  readonly in?: Properties;
  /** The properties inside move up beside this one. */
  readonly flat?: Properties;
  /** `json`: a text of JSON; `map`: an object with the user’s own keys; `list`: one value becomes a list; `csv`: a text of commas becomes a list; `text`: a text. */
  readonly as?: 'json' | 'map' | 'list' | 'csv' | 'text';
  /** Values that the provider names otherwise, by their lower-case text. */
  readonly values?: Readonly<Record<string, Value>>;
  /** Anything else; what it returns is put beside the other attributes. */
  readonly make?: (value: Value) => Readonly<Record<string, Value | undefined>>;
}

export interface Given {
  /** As in the template, functions evaluated. */
  readonly properties: Attributes;
  /** The logical id. */
  readonly name: string;
  /** A reference to an attribute of the resource itself, as Terraform code would have it. */
  readonly own: (attribute: string) => Value;
}

/** A resource beside the first: its id ends in `suffix`. */
export interface Made {
  readonly type: string;
  readonly suffix?: string;
  readonly attributes: Readonly<Record<string, Value | undefined>>;
}

/** The attributes of a resource. An object becomes a list of one block, as a plan has it; a value is never invented. */
export function canonicalAttributes(given: Attributes, rules: Properties = {}): Record<string, Value> {
  const made: Record<string, Value> = {};
  put(made, given, rules);
  return made;
}

/** Attributes without those that are absent. */
export function present(attributes: Readonly<Record<string, Value | undefined>>): Record<string, Value> {
  const made: Record<string, Value> = {};
  for (const [name, value] of Object.entries(attributes)) if (value !== undefined) made[name] = value;
  return made;
}

function put(made: Record<string, Value>, given: Attributes, rules: Properties): void {
  for (const [name, value] of Object.entries(given)) {
    const rule = Object.hasOwn(rules, name) ? rules[name] : undefined;
    if (rule === false) continue;
    const detail: PropertyDetail = typeof rule === 'string' ? { to: rule } : (rule ?? {});
    if (detail.make !== undefined) {
      Object.assign(made, present(detail.make(value)));
    } else if (detail.flat !== undefined) {
      const inner = Array.isArray(value) && value.length === 1 ? value[0] : value;
      if (isAttributes(inner)) put(made, inner, detail.flat);
    } else {
      made[detail.to ?? snakeCase(name)] = canonicalValue(name, value, detail);
    }
  }
}

function canonicalValue(name: string, value: Value, detail: PropertyDetail): Value {
  if (isUnknown(value)) return detail.as === 'list' ? [value] : value;
  const known = detail.values?.[typeof value === 'object' ? '' : String(value).toLowerCase()];
  if (known !== undefined) return known;
  switch (detail.as) {
    case 'json':
      return jsonText(value) ?? value;
    case 'map':
      return tagMap(value);
    case 'list':
      return Array.isArray(value) ? value.map((item) => blockOf(item, detail)) : [blockOf(value, detail)];
    case 'csv':
      return typeof value === 'string' ? csv(value) : value;
    case 'text':
      return asText(value);
    default:
  }
  if (name === 'Tags' || name === 'TagSet') return tagMap(value);
  if (isPolicy(value)) return jsonText(value) ?? value;
  if (Array.isArray(value)) return value.map((item) => blockOf(item, detail));
  if (isAttributes(value)) return [blockOf(value, detail)];
  return typeof value === 'string' && NUMERIC.test(name) && /^\d{1,9}$/.test(value) ? Number(value) : truthful(value);
}

/** What is a number in the provider wherever it occurs; templates often write it as text. */
const NUMERIC =
  /(?:Port|Days|Period|Seconds|Minutes|Hours|Count|Size|Storage|Interval|Limit|Capacity|Weight|Retention)$/;

function blockOf(value: Value, detail: PropertyDetail): Value {
  return isAttributes(value) ? canonicalAttributes(value, detail.in) : truthful(value);
}

/** Templates take `"true"` for true. */
function truthful(value: Value): Value {
  return value === 'true' || value === 'True' ? true : value === 'false' || value === 'False' ? false : value;
}

function isPolicy(value: Value): boolean {
  return isAttributes(value) && Object.hasOwn(value, 'Statement');
}

/** `[{Key, Value}]` (or `TagKey`, `TagValue`) as a map; a map stays. */
export function tagMap(value: Value): Value {
  if (!Array.isArray(value)) return value;
  const made: Record<string, Value> = {};
  for (const tag of value as readonly Value[]) {
    if (!isAttributes(tag)) return isUnknown(tag) ? tag : unknown('tags that are no list of keys and values');
    const key = tag.Key ?? tag.TagKey ?? tag.key;
    if (typeof key === 'string' && key !== '__proto__') made[key] = tag.Value ?? tag.TagValue ?? tag.value ?? '';
  }
  return made;
}

export function csv(text: string): readonly string[] {
  return text
    .split(',')
    .map((part) => part.trim())
    .filter((part) => part !== '');
}

/** A number or boolean as text; what is unknown or no scalar stays. */
export function asText(value: Value): Value {
  return typeof value === 'object' ? value : String(value);
}

/** The values of a property that may be one value or a list of them. */
export function listOf(value: Value | undefined): readonly Value[] {
  return value === undefined ? [] : Array.isArray(value) ? value : [value];
}

/** The objects among the values of a property. */
export function objectsOf(value: Value | undefined): readonly Attributes[] {
  return listOf(value).filter(isAttributes);
}

/** Names that begin small, as the services’ own JSON has them (`ContainerDefinitions` → `containerDefinitions`). */
export function smallNames(value: Value): Value {
  if (Array.isArray(value)) return value.map((item: Value) => smallNames(item));
  if (!isAttributes(value)) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, inner]) => [
      /^[A-Z]/.test(name) ? name.charAt(0).toLowerCase() + name.slice(1) : name,
      smallNames(inner),
    ]),
  );
}

/** `VSwitchId` → `vswitch_id`, `DBInstanceClass` → `db_instance_class`, `IPv6CidrBlock` → `ipv6_cidr_block`. */
export function snakeCase(name: string): string {
  // No property is called so, and the expressions below are not linear.
  if (name.length > 200) return name.toLowerCase();
  const known = SNAKES.get(name);
  if (known !== undefined) return known;
  const snake = name
    .replace(/VSwitch/g, 'Vswitch')
    .replace(/VServer/g, 'Vserver')
    .replace(/IPv([46])/g, 'Ipv$1')
    .replace(/([A-Z]{2,})s(?=$|[A-Z])/g, (_all, letters: string) => `${letters[0]}${letters.slice(1).toLowerCase()}s`)
    .replace(/([a-z0-9])([A-Z])/g, '$1_$2')
    .replace(/([A-Z]+)([A-Z][a-z])/g, '$1_$2')
    .replace(/[^A-Za-z0-9]+/g, '_')
    .toLowerCase();
  if (SNAKES.size < 20_000) SNAKES.set(name, snake);
  return snake;
}

const SNAKES = new Map<string, string>();
