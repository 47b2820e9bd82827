export { type ChosenRules, chooseRules } from './choose.ts';
export { createDetector, type Detector, type DetectorOptions } from './detector.ts';
export { loadRuleSet, type RuleDetails, type RuleSet, ruleKey } from './rule-set.ts';
