export { createNftFirewall, type NftFirewallOptions } from './actions/block/index.ts';
export type { Firewall } from './firewall.ts';
export type { LockoutGuard } from './guard.ts';
export { ADMIN_SESSION_MS, createGuardFacts, type GuardFactsOptions } from './guard-facts.ts';
export {
  type BlockRequest,
  createResponder,
  MAX_BLOCK_MS,
  MIN_BLOCK_MS,
  type Responder,
  type ResponderOptions,
  type ShownPlan,
} from './responder.ts';
export { type IpRange, parseTarget, readTarget } from './target.ts';
