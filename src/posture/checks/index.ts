export { CASE_KINDS, type Check, type CheckCase, checkSchema } from './check.ts';
export type { Collection, Condition, ValueTest } from './condition.ts';
export type { Graph } from './graph.ts';
export { type CheckSet, createCheckSet } from './run.ts';
