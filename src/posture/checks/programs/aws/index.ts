import type { Resource } from '#model/resource.ts';
import type { Outcome } from '../../outcome.ts';
import { NETWORK_PROGRAMS } from './network.ts';
import { POLICY_PROGRAMS } from './policy.ts';
import { SECRET_PROGRAMS } from './secrets.ts';

/** Programs for AWS, by the name that a check’s condition gives. */
export const AWS_PROGRAMS: Readonly<Record<string, (resource: Resource) => Outcome>> = {
  ...POLICY_PROGRAMS,
  ...NETWORK_PROGRAMS,
  ...SECRET_PROGRAMS,
};
