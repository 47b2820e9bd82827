import type { Loader } from '../loader.ts';

/** AWS CloudFormation templates. */
export const cloudformationLoader: Loader = {
  id: 'cloudformation',
  claims: () => false,
  load: async () => ({ resources: [], problems: [] }),
};
