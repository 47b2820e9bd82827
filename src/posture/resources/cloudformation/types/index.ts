import type { TypeRule } from '../../canonical-shape.ts';
import { COMPUTE_TYPES } from './compute.ts';
import { DATA_TYPES } from './data.ts';
import { DELIVERY_TYPES } from './delivery.ts';
import { IDENTITY_TYPES } from './identity.ts';
import { NETWORK_TYPES } from './network.ts';
import { STORAGE_TYPES } from './storage.ts';

/** The types of CloudFormation whose Terraform names, properties or division into resources differ from what the general rule makes. */
export const CLOUDFORMATION_TYPES: Readonly<Record<string, TypeRule>> = {
  ...COMPUTE_TYPES,
  ...DATA_TYPES,
  ...DELIVERY_TYPES,
  ...IDENTITY_TYPES,
  ...NETWORK_TYPES,
  ...STORAGE_TYPES,
};
