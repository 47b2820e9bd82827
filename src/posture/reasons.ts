import type { Language } from '#kit/locale.ts';
import type { Bilingual } from '#model/alert.ts';
import { REASON_FORMS } from './reason-forms.ts';

/**
 * Words a reason of a finding in a language. Reasons are made in English, by checks, loaders and collectors; those of a
 * known form are worded in Chinese, any other stays as it is. Names and values in them are never changed.
 */
export function reasonIn(reason: string, language: Language): string {
  return language === 'zh' ? (inChinese(reason) ?? reason) : reason;
}

/** A reason in both languages. */
export function bilingualReason(reason: string): Bilingual {
  return { en: reason, zh: inChinese(reason) ?? reason };
}

/** Longer ones are no sentences of ours. */
const MAX_LENGTH = 1_000;
const MAX_DEPTH = 5;

function inChinese(reason: string, depth = 0): string | undefined {
  if (reason.length > MAX_LENGTH || depth > MAX_DEPTH) return undefined;
  const ofPart = partInChinese(reason, depth);
  if (ofPart !== undefined) return ofPart;
  for (const form of FORMS) {
    const said = form(reason, depth);
    if (said !== undefined) return said;
  }
  return valuesInChinese(reason);
}

type Form = (reason: string, depth: number) => string | undefined;

const SLOT = /\{(\w+)\}/;
const SLOT_PATTERNS: Readonly<Record<string, string>> = {
  name: '(\\S+?)',
  text: '(.+?)',
  names: '(.+?)',
  value: '(.+?)',
};
const FORMS: readonly Form[] = REASON_FORMS.map(([english, chinese]) => formOf(english, chinese));

function formOf(english: string, chinese: string): Form {
  if (!SLOT.test(english)) return (reason) => (reason === english ? chinese : undefined);
  const parts = english.split(SLOT);
  const kinds = parts.filter((_, at) => at % 2 === 1);
  const literals = parts.filter((_, at) => at % 2 === 0);
  const pattern = new RegExp(
    `^${parts.map((part, at) => (at % 2 === 1 ? SLOT_PATTERNS[part] : RegExp.escape(part))).join('')}$`,
  );
  return (reason, depth) => {
    // Most forms are ruled out so, long before their pattern is tried.
    if (!literals.every((literal) => reason.includes(literal))) return undefined;
    const found = pattern.exec(reason);
    if (!found) return undefined;
    const slots = found.slice(1);
    return chinese
      .replace(/\{(\d)\+(\d)\}/g, (_, a: string, b: string) => {
        const rest = `${slots[Number(a) - 1]} ${slots[Number(b) - 1]}`;
        return inChinese(rest, depth + 1) ?? rest;
      })
      .replace(/\{(\d)\}/g, (_, at: string) => slotText(kinds[Number(at) - 1] ?? '', slots[Number(at) - 1] ?? ''));
  };
}

function slotText(kind: string, text: string): string {
  if (kind === 'names') return text.replaceAll(' or ', ' 或 ');
  return kind === 'value' ? valueText(text) : text;
}

const VALUE_WORDS: Readonly<Record<string, string>> = {
  absent: '未设置',
  unknown: '无法得知',
  'set (hidden)': '已设置（内容已隐藏）',
};

function valueText(value: string): string {
  return Object.hasOwn(VALUE_WORDS, value) ? (VALUE_WORDS[value] ?? value) : value;
}

/** `acl is public-read`, `a is 1 and b.c is true`: each part names an attribute, and its value is no sentence. */
function valuesInChinese(reason: string): string | undefined {
  const parts = sentences(reason).map((part) => {
    const found = /^(?:label )?([\w.*:/@-]+) is (.+)$/s.exec(part);
    const [, path = '', value = ''] = found ?? [];
    if (path === '' || !(isAttribute(path) || isPlainValue(value))) return undefined;
    return value === 'absent' ? `没有设置 ${path}` : `${path} 的值是 ${valueText(value)}`;
  });
  return parts.includes(undefined) ? undefined : parts.join('，');
}

/** Not within a quoted text: that is a value. */
function sentences(reason: string): readonly string[] {
  const found: string[] = [];
  for (const part of reason.split(/ and (?=[\w.*:/@-]+ is )/)) {
    const before = found.at(-1);
    if (before !== undefined && before.split('"').length % 2 === 0) found[found.length - 1] = `${before} and ${part}`;
    else found.push(part);
  }
  return found;
}

function isAttribute(path: string): boolean {
  return /[._:*\d]/.test(path);
}

function isPlainValue(value: string): boolean {
  return /^[[{"]/.test(value) || !value.includes(' ') || Object.hasOwn(VALUE_WORDS, value);
}

/** `policy: data.x is not declared`: what is said of a part. */
function partInChinese(reason: string, depth: number): string | undefined {
  const [, part, rest = ''] = /^([\w.-]+): (.+)$/s.exec(reason) ?? [];
  const said = part === undefined ? undefined : inChinese(rest, depth + 1);
  return said === undefined ? undefined : `${part}：${said}`;
}
