import { isAttributes, isUnknown, type Resource, type Unknown, type Value } from '#model/resource.ts';
import { mustBeGiven } from '../../given.ts';
import { allOf, fail, type Outcome, PASS, unsure } from '../../outcome.ts';
import { elementsAt } from '../../paths.ts';

type Program = (resource: Resource) => Outcome;

/** Attributes in which a program finds its settings, asked for credentials that are written out. */
export const SECRET_PROGRAMS: Readonly<Record<string, Program>> = {
  'aws-no-secret-in-user-data': noSecretIn(['user_data', 'user_data_base64', 'custom_data']),
  'aws-no-secret-in-environment': noSecretIn(['environment', 'environment_variables']),
  'aws-no-secret-in-containers': noSecretIn(['container_definitions', 'container_properties']),
  'aws-no-secret-in-provider': noSecretIn(['access_key', 'secret_key', 'token']),
  'aws-no-secret-in-parameter': noSecretIn(['value', 'insecure_value', 'default_value']),
  'aws-no-literal-secret': noLiteral(['secret_key', 'password', 'auth_token']),
  'aws-no-secret-in-build': noSecretIn(['environment.environment_variable']),
};

/** Forms that are credentials by themselves: issued by AWS and by others, and private keys. */
const FORMS: readonly RegExp[] = [
  /(?<![A-Za-z0-9])(?:AKIA|ASIA|ABIA|ACCA)[A-Z0-9]{16}(?![A-Za-z0-9])/,
  /-----BEGIN (?:[A-Z]{2,10} ){0,2}PRIVATE KEY-----/,
  /(?<![A-Za-z0-9])gh[pousr]_[A-Za-z0-9]{36}/,
  /(?<![A-Za-z0-9])xox[abprs]-[A-Za-z0-9-]{10,}/,
  /(?<![A-Za-z0-9])[rs]k_live_[A-Za-z0-9]{16,}/,
  /(?<![A-Za-z0-9])AIza[A-Za-z0-9_-]{35}/,
  /(?<![A-Za-z0-9])LTAI[A-Za-z0-9]{12,20}(?![A-Za-z0-9])/,
];
/** A secret access key has no sign but its length and its mixture. */
const SECRET_KEY = /(?<![A-Za-z0-9/+=])[A-Za-z0-9/+]{40}(?![A-Za-z0-9/+=])/g;
/** More is no start script. */
const MAX_LETTERS = 500_000;

function noSecretIn(paths: readonly string[]): Program {
  return ({ attributes }) =>
    allOf(paths, (path) => {
      const values = elementsAt(attributes, path.split('.'));
      for (const value of values) {
        if (textsIn(value).some((text) => holdsSecret(text) || holdsSecret(decoded(path, text))))
          return fail(() => `${path} holds a credential (hidden)`);
      }
      return written(values);
    });
}

/** What another resource makes, or somebody is asked for, is not in the code; of all else that is not known that cannot be told. */
function written(values: readonly Value[]): Outcome {
  for (const value of values) {
    for (const unclear of eachUnknown(value)) {
      if (unclear.references.length === 0 && unclear.partial === undefined && !mustBeGiven(unclear))
        return unsure(() => unclear.reason);
    }
  }
  return PASS;
}

function* eachUnknown(value: Value, depth = 0): Generator<Unknown> {
  if (isUnknown(value)) yield value;
  else if (depth < 8 && typeof value === 'object') {
    for (const one of Array.isArray(value) ? (value as readonly Value[]) : Object.values(value)) {
      yield* eachUnknown(one, depth + 1);
    }
  }
}

/** Attributes that are secrets by their meaning: written out they are lost, whatever they look like. */
function noLiteral(names: readonly string[]): Program {
  return ({ attributes }) =>
    allOf(names, (name) => {
      const value = attributes[name];
      if (value !== undefined && isUnknown(value)) return written([value]);
      return typeof value === 'string' && value !== '' ? fail(() => `${name} is written out (hidden)`) : PASS;
    });
}

/** What is not known may hold one, but then it is not written in the code. */
function* eachText(value: Value, depth = 0): Generator<string> {
  if (isUnknown(value)) {
    if (value.partial !== undefined) yield value.partial;
  } else if (typeof value === 'string') yield value;
  else if (depth < 8 && Array.isArray(value))
    for (const one of value as readonly Value[]) yield* eachText(one, depth + 1);
  else if (depth < 8 && isAttributes(value)) for (const one of Object.values(value)) yield* eachText(one, depth + 1);
}

function textsIn(value: Value): readonly string[] {
  return [...eachText(value)];
}

function decoded(path: string, text: string): string {
  if (!path.startsWith('user_data') || text.length > MAX_LETTERS || !/^[A-Za-z0-9+/\s]+=*\s*$/.test(text)) return '';
  return Buffer.from(text, 'base64').toString('utf8');
}

function holdsSecret(whole: string): boolean {
  const text = whole.slice(0, MAX_LETTERS);
  if (FORMS.some((form) => form.test(text))) return true;
  for (const [found] of text.matchAll(SECRET_KEY)) if (isMixed(found)) return true;
  return false;
}

/** Random letters of three kinds with few repeats: no hash in hexadecimal, no path, no word. */
function isMixed(text: string): boolean {
  if (!/[a-z]/.test(text) || !/[A-Z]/.test(text) || !/\d/.test(text)) return false;
  return new Set(text).size >= 18 && !/^\/|(?:\/[a-z]{3,}){2}/.test(text);
}
