import { isAttributes, type Resource } from '#model/resource.ts';
import { fail, type Outcome, PASS } from '../outcome.ts';
import { elementsAt } from '../paths.ts';

/** Whether two stages of a Dockerfile have one name, whatever the case of its letters. */
export function stageNames(resource: Resource): Outcome {
  const seen = new Set<string>();
  for (const stage of elementsAt(resource.attributes, ['from'])) {
    const name = isAttributes(stage) ? stage.name : undefined;
    if (typeof name !== 'string') continue;
    if (seen.has(name.toLowerCase())) return fail(() => `two stages are named ${name}`);
    seen.add(name.toLowerCase());
  }
  return PASS;
}
