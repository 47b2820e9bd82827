import type { TypeRule } from '../../canonical-shape.ts';
import { BALANCING_TYPES } from './balancing.ts';
import { DATABASE_TYPES } from './databases.ts';
import { ECS_TYPES } from './ecs.ts';
import { IDENTITY_TYPES } from './identity.ts';
import { NETWORK_TYPES } from './network.ts';
import { PLATFORM_TYPES } from './platform.ts';
import { STORAGE_TYPES } from './storage.ts';

/** The types of ROS whose Terraform names, properties or division into resources differ from what the general rule makes. */
export const ROS_TYPES: Readonly<Record<string, TypeRule>> = {
  ...ECS_TYPES,
  ...NETWORK_TYPES,
  ...BALANCING_TYPES,
  ...STORAGE_TYPES,
  ...DATABASE_TYPES,
  ...IDENTITY_TYPES,
  ...PLATFORM_TYPES,
};
