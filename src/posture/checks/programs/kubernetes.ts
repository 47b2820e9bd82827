import { isAttributes, isUnknown, type Resource, type Value, textOf } from '#model/resource.ts';
import { fail, type Outcome, PASS, unsure } from '../outcome.ts';
import { elementsAt } from '../paths.ts';

/** Names of annotations and labels hold dots, which a path of a condition takes for steps: these ask them whole. */

export function ingressSnippets(resource: Resource): Outcome {
  return eachEntry(resource, ['metadata', 'annotations'], (name) =>
    /-snippets?$/.test(name) ? fail(() => `annotation ${name} is set`) : PASS,
  );
}

/** @param mode of the admission controller: `enforce`, `warn` */
export function podSecurity(mode: 'enforce' | 'warn'): (resource: Resource) => Outcome {
  const label = `pod-security.kubernetes.io/${mode}`;
  return (resource) => {
    for (const labels of elementsAt(resource.attributes, ['metadata', 'labels'])) {
      if (isUnknown(labels)) return unsure(() => labels.reason);
      const level = isAttributes(labels) ? labels[label] : undefined;
      if (isUnknown(level)) return unsure(() => level.reason);
      if (level === 'baseline' || level === 'restricted') return PASS;
      if (level !== undefined) return fail(() => `label ${label} is ${textOf(level)}`);
    }
    return fail(() => `label ${label} is absent`);
  };
}

const SECRET_NAME = /pass(word|wd)?$|secret|token|api_?key|private_?key|access_?key|credential/i;
const NO_SECRET_NAME = /_?(file|path|name|url|host|ttl|expiry|policy|length|id)$/i;
const KEY_TEXT = /-----BEGIN [A-Z ]*PRIVATE KEY-----|\bAKIA[0-9A-Z]{16}\b|\bLTAI[0-9A-Za-z]{12,20}\b/;

export function configMapSecrets(resource: Resource): Outcome {
  return eachEntry(resource, ['data'], (name, value) => {
    if (typeof value !== 'string' || value === '') return PASS;
    const isNamed = SECRET_NAME.test(name) && !NO_SECRET_NAME.test(name) && !/\s/.test(value.trim());
    return isNamed || KEY_TEXT.test(value) ? fail(() => `data.${name} is set (hidden)`) : PASS;
  });
}

function eachEntry(resource: Resource, path: readonly string[], ask: (name: string, value: Value) => Outcome): Outcome {
  let missing: Outcome | undefined;
  for (const entries of elementsAt(resource.attributes, path)) {
    if (isUnknown(entries)) missing ??= unsure(() => entries.reason);
    if (!isAttributes(entries)) continue;
    for (const [name, value] of Object.entries(entries)) {
      const outcome = ask(name, value);
      if (outcome.is === 'fail') return outcome;
    }
  }
  return missing ?? PASS;
}
