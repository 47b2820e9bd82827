export { ACTION_KINDS } from './action-kinds.ts';
export type { PlaybookActions } from './actions.ts';
export { canRun } from './check.ts';
export { EXTENSIONS, procedureSchema } from './extensions.ts';
export { type FoundPlaybook, findPlaybooks, latestById } from './folder.ts';
export type { Playbook } from './model.ts';
export { type PlannedStep, planRun } from './plan.ts';
export { createRunner } from './runner.ts';
