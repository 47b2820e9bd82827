import { type Attributes, isAttributes, isUnknown, type Resource, type Value, textOf } from '#model/resource.ts';
import { compileCollection } from './collections.ts';
import type { Collection, Condition, ValueTest } from './condition.ts';
import type { Graph } from './graph.ts';
import { allOf, anyOf, fail, type Outcome, opposite, PASS, unsure } from './outcome.ts';
import { mustBeGiven } from './given.ts';
import { readJson, readPartialJson, tellApart, toldApart } from './partial.ts';
import { parsePath, valuesAt } from './paths.ts';
import { PROGRAMS } from './programs/index.ts';
import { type Show, shown } from './shown.ts';
import { type PlainTest, plainTests } from './value-tests.ts';

/** What is asked: a value inside a resource, in the graph of its scan. */
export interface Subject {
  readonly value: Value;
  readonly resource: Resource;
  readonly graph: Graph;
}
export type Ask = (subject: Subject) => Outcome;

const QUANTIFIERS = ['each', 'some', 'none'] as const;

/**
 * Makes a condition into a function, once; asking it changes nothing.
 *
 * @param nowMs the moment of the scan, for tests of age
 * @param show how values stand in the reasons
 * @throws RangeError saying what is wrong: an unknown program, a pattern that could run away.
 */
export function compileCondition(condition: Condition, nowMs: () => number, show: Show = shown): Ask {
  const compilePart = (part: Condition): Ask => compileCondition(part, nowMs, show);
  const asks: Ask[] = [];
  for (const [key, entry] of Object.entries(condition)) {
    if (entry === undefined) continue;
    if (key === 'all' || key === 'any') {
      const parts = (entry as readonly Condition[]).map(compilePart);
      asks.push((subject) =>
        key === 'all'
          ? allOf(parts, (part) => part(subject))
          : anyOf(
              parts,
              (part) => part(subject),
              () => 'none of the possibilities holds',
            ),
      );
    } else if (key === 'not') {
      const part = compilePart(entry as Condition);
      asks.push((subject) => opposite(part(subject), () => sentenceOf(entry as Condition, subject.value, show)));
    } else if (key === 'program') asks.push(programOf(entry as string));
    else if ((QUANTIFIERS as readonly string[]).includes(key)) {
      asks.push(compileCollection(key as (typeof QUANTIFIERS)[number], entry as Collection, show, compilePart));
    } else
      asks.push(
        compileTest(key, typeof entry === 'object' ? (entry as ValueTest) : { is: entry as string }, nowMs, show),
      );
  }
  return asks.length === 1 ? (asks[0] as Ask) : (subject) => allOf(asks, (ask) => ask(subject));
}

/** A test at a path: it must hold for every value there. */
function compileTest(name: string, test: ValueTest, nowMs: () => number, show: Show): Ask {
  const path = parsePath(name);
  const tests = plainTests(test, nowMs);
  const json = test.json === undefined ? undefined : compileCondition(test.json, nowMs, show);
  const absent = passesWhenAbsent(test, tests) ? PASS : fail(() => `${name} is absent`);
  const asksOnlyPresence = tests.length === 0 && (test.length ?? test.same_as ?? json) === undefined;

  const ask = (given: Value | undefined, subject: Subject): Outcome => {
    const value = Array.isArray(given) ? toldApart(given, test) : given;
    if (value === undefined) return test.default === undefined ? absent : ask(test.default, subject);
    const lack = (): Outcome => fail(() => `${name} is ${show(name, value)}`);
    if (isUnknown(value)) {
      const read = tests.length === 0 && json !== undefined ? readPartialJson(value) : undefined;
      if (json !== undefined && read !== undefined) return json({ ...subject, value: read });
      const told = tellApart(value, test);
      if (told !== undefined) return ask(told, subject);
      if (test.or_reference === true && value.references.length > 0) return PASS;
      if (test.or_given === true && mustBeGiven(value)) return PASS;
      if (!asksOnlyPresence || value.references.length === 0) return unsure(() => value.reason);
      // What refers to another resource is there, whatever it will be.
      return test.exists === false || test.empty === true ? lack() : PASS;
    }
    if (test.exists === false || (test.empty !== undefined && isEmpty(value) !== test.empty)) return lack();
    if (test.length !== undefined && !hasLength(value, test.length)) return lack();
    if (tests.length > 0) {
      const outcome = askPlain(value, tests, absent, lack);
      if (outcome.is !== 'pass') return outcome;
    }
    if (test.same_as !== undefined) {
      const outcome = isSame(value, valuesAt(subject.value, parsePath(test.same_as)), lack);
      if (outcome.is !== 'pass') return outcome;
    }
    if (json === undefined) return PASS;
    const read = typeof value === 'string' ? readJson(value) : isAttributes(value) ? value : undefined;
    return read === undefined ? unsure(() => `${name} is no JSON that can be read`) : json({ ...subject, value: read });
  };
  return (subject) => allOf(valuesAt(subject.value, path), (value) => ask(value, subject));
}

/** Words that something that is not there meets: what is absent is not public. */
const ABSENT_PASSES = new Set(['is_not', 'not_in', 'contains_none', 'not_matches']);

function passesWhenAbsent(test: ValueTest, tests: readonly PlainTest[]): boolean {
  if (test.exists === true || test.empty === false) return false;
  if ((test.length?.at_least ?? 0) > 0 || test.json !== undefined || test.same_as !== undefined) return false;
  if (test.exists === false || test.empty === true) return true;
  return tests.every(({ word }) => ABSENT_PASSES.has(word));
}

/** Of a list whose elements are known in part the answer stands if the others cannot change it. An empty list is absent. */
function askPlain(value: Value, tests: readonly PlainTest[], absent: Outcome, lack: () => Outcome): Outcome {
  const list: readonly Value[] | undefined = Array.isArray(value) ? value : undefined;
  const hidden = list?.find((one) => isUnknown(one));
  const told = hidden === undefined ? value : (list as readonly Value[]).filter((one) => !isUnknown(one));
  return allOf(tests, ({ word, holds, settledBy }) => {
    if (list?.length === 0 && !word.startsWith('contains')) return absent;
    const answer = holds(told);
    if (hidden !== undefined && isUnknown(hidden) && answer !== settledBy) return unsure(() => hidden.reason);
    return answer ? PASS : lack();
  });
}

function isSame(value: Value, others: readonly (Value | undefined)[], lack: () => Outcome): Outcome {
  const hidden = others.find((other) => isUnknown(other));
  if (hidden !== undefined && isUnknown(hidden)) return unsure(() => hidden.reason);
  return others.some((other) => JSON.stringify(other) === JSON.stringify(value)) ? PASS : lack();
}

function isEmpty(value: Value): boolean {
  if (isUnknown(value)) return false;
  if (value === '') return true;
  if (Array.isArray(value)) return (value as readonly Value[]).every(isEmpty);
  return typeof value === 'object' && Object.keys(value).length === 0;
}

function hasLength(value: Value, bounds: NonNullable<ValueTest['length']>): boolean {
  const length = Array.isArray(value)
    ? value.length
    : isAttributes(value)
      ? Object.keys(value).length
      : textOf(value).length;
  return length >= (bounds.at_least ?? 0) && length <= (bounds.at_most ?? Number.POSITIVE_INFINITY);
}

function programOf(name: string): Ask {
  const program = PROGRAMS[name];
  if (program === undefined) throw new RangeError(`there is no program ${name}`);
  return ({ resource, graph }) => program(resource, graph);
}

/** What holds although it should not: its paths with their values. */
function sentenceOf(condition: Condition, value: Value, show: Show): string {
  const parts = Object.keys(condition)
    .filter((key) => !['all', 'any', 'not', 'each', 'some', 'none', 'program'].includes(key))
    .map(
      (path) =>
        `${path} is ${valuesAt(value as Attributes, parsePath(path))
          .map((one) => show(path, one))
          .join(', ')}`,
    );
  return parts.length > 0 ? parts.join(' and ') : 'what must not be is so';
}
