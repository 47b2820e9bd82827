import { EXTENSION_DEFINITIONS, EXTENSIONS } from '../extensions.ts';
import { type Playbook, playbookSchema } from '../model.ts';

/** An identifier whose number stands for the step, so that tests can be read. */
export function stepId(type: string, number: number): string {
  return `${type}--00000000-0000-4000-8000-${String(number).padStart(12, '0')}`;
}

export const AGENT = 'individual--00000000-0000-4000-8000-0000000000aa';
type Members = Readonly<Record<string, unknown>>;

/** A playbook around these steps; the first is the start. */
export function makePlaybook(workflow: Members, more: Members = {}): Playbook {
  return playbookSchema.parse(rawPlaybook(workflow, more));
}

export function rawPlaybook(workflow: Members, more: Members = {}): Record<string, unknown> {
  return {
    type: 'playbook',
    spec_version: 'cacao-2.0',
    id: stepId('playbook', 1),
    name: 'a playbook of a test',
    created_by: stepId('identity', 1),
    created: '2026-01-01T00:00:00.000Z',
    modified: '2026-01-01T00:00:00.000Z',
    workflow_start: Object.keys(workflow)[0],
    workflow,
    agent_definitions: { [AGENT]: { type: 'individual', name: 'on duty' } },
    extension_definitions: EXTENSION_DEFINITIONS,
    ...more,
  };
}

/** An action step that says what a person would do, with what Bartizan does in place of it. */
export function automatic(action: string, given: Members, more: Members = {}, extension: Members = {}): Members {
  return {
    type: 'action',
    agent: AGENT,
    commands: [{ type: 'manual', command: `do ${action}` }],
    step_extensions: { [EXTENSIONS.step]: { automation: { action, arguments: given, ...extension } } },
    ...more,
  };
}

export function manual(command: string, more: Members = {}): Members {
  return { type: 'action', agent: AGENT, commands: [{ type: 'manual', command }], ...more };
}
