export { ACTION_KINDS, type ActionKind } from './action-kinds.ts';
export { type CheckContext, canRun, checkPlaybook } from './check.ts';
export { EXTENSION_DEFINITIONS, EXTENSIONS, type Procedure, procedureSchema } from './extensions.ts';
export { type FoundPlaybook, findPlaybooks } from './folder.ts';
export { type Playbook, playbookSchema } from './model.ts';
export type { PlaybookProblem, Severity } from './problem.ts';
export { type ReadPlaybook, readPlaybook } from './read.ts';
