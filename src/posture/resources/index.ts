import { dockerfileLoader } from './dockerfile/index.ts';
import { kubernetesLoader } from './kubernetes/index.ts';
import type { Loader } from './loader.ts';
import { rosLoader } from './ros/index.ts';
import { terraformLoader } from './terraform/index.ts';
import { terraformPlanLoader } from './terraform-plan/index.ts';
import { terraformStateLoader } from './terraform-state/index.ts';

export { type LoadedTree, loadTree } from './tree.ts';

/** Every kind of infrastructure code. A file belongs to the first that claims it. */
export const LOADERS: readonly Loader[] = [
  terraformLoader,
  terraformPlanLoader,
  terraformStateLoader,
  rosLoader,
  kubernetesLoader,
  dockerfileLoader,
];
