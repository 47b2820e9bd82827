import type { Bilingual, Entities } from '#model/alert.ts';

export interface TemplateFacts {
  readonly count: number;
  /** Different values that a value_count correlation saw. */
  readonly distinct: number;
  readonly spanMs: number;
}

/**
 * Fills `{src_ip}`, `{user}` … with entities, `{count}`, `{distinct}` and `{span}` (how long it went on) with facts.
 * A part in square brackets is left out when an entity in it is absent; outside brackets an absent one reads “unknown”.
 */
export function fillTemplate(template: Bilingual, entities: Entities, facts: TemplateFacts): Bilingual {
  return {
    zh: fill(template.zh, entities, facts, { unknown: '（未知）', span: spanZh(facts.spanMs) }),
    en: fill(facts.count === 1 ? ofOne(template.en) : template.en, entities, facts, {
      unknown: '(unknown)',
      span: spanEn(facts.spanMs),
    }),
  };
}

/** `{count} times` of one event is once, and `{count} requests` one request. */
function ofOne(template: string): string {
  return template
    .replace(/\{count\} times\b/g, 'once')
    .replace(/(\{count\} (?:[A-Za-z]{2,20}[A-Za-rt-z] )?[A-Za-z]{1,20}?)(?:(?<=ch|sh|x|s)es|s)\b/g, '$1');
}

interface Words {
  readonly unknown: string;
  readonly span: string;
}

function fill(template: string, entities: Entities, facts: TemplateFacts, words: Words): string {
  const valueOf = (name: string): string | undefined => {
    if (name === 'count') return String(facts.count);
    if (name === 'distinct') return String(facts.distinct);
    if (name === 'span') return words.span;
    return Object.hasOwn(entities, name) ? entities[name] : undefined;
  };
  // One pass: values are never scanned again, so a user name like `{count}` or `[x]` stays as it is.
  return template.replace(
    /\[([^[\]]*\{[^[\]]*)\]|\{([a-z_]+)\}/g,
    (_whole, optional: string | undefined, name: string) => {
      if (optional === undefined) return valueOf(name) ?? words.unknown;
      const names = [...optional.matchAll(/\{([a-z_]+)\}/g)].map((found) => found[1] as string);
      if (names.some((each) => valueOf(each) === undefined)) return '';
      return optional.replace(/\{([a-z_]+)\}/g, (_placeholder, each: string) => valueOf(each) as string);
    },
  );
}

function spanZh(spanMs: number): string {
  const [value, unit] = inUnits(spanMs);
  return `${value} ${{ second: '秒', minute: '分钟', hour: '小时', day: '天' }[unit]}`;
}

function spanEn(spanMs: number): string {
  const [value, unit] = inUnits(spanMs);
  return `${value} ${unit}${value === 1 ? '' : 's'}`;
}

function inUnits(spanMs: number): [number, 'second' | 'minute' | 'hour' | 'day'] {
  const seconds = Math.max(1, Math.round(spanMs / 1000));
  if (seconds < 120) return [seconds, 'second'];
  if (seconds < 7_200) return [Math.round(seconds / 60), 'minute'];
  if (seconds < 172_800) return [Math.round(seconds / 3_600), 'hour'];
  return [Math.round(seconds / 86_400), 'day'];
}
