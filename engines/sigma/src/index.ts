export { checkSet, feedersOnly } from './check.ts';
export { createCorrelator } from './correlate/correlator.ts';
export type { CorrelationMatch, Correlator, CorrelatorOptions, RestoreResult } from './correlate/types.ts';
export { type FilteredRules, applyFilters } from './filters.ts';
export { compile, type Matcher, type Route } from './match/matcher.ts';
export { parseTimespan } from './parse/correlation.ts';
export { type ParsedRules, parseRules } from './parse/rules.ts';
export type { Detection, DetectionItem, ParseOptions, Search, Test } from './parse/terms.ts';
export { compileRegex, type LinearRegex } from './regex/index.ts';
export {
  type Bounds,
  CORRELATION_TYPES,
  type CorrelationCondition,
  type CorrelationType,
  LEVELS,
  type Level,
  type LogSource,
  type RuleProblem,
  type SigmaCorrelation,
  type SigmaFilter,
  type SigmaRule,
} from './rule.ts';
