import { cloudformationLoader } from './cloudformation/index.ts';
import { dockerfileLoader } from './dockerfile/index.ts';
import { kubernetesLoader } from './kubernetes/index.ts';
import type { Loader } from './loader.ts';
import { rosLoader } from './ros/index.ts';
import { terraformLoader } from './terraform/index.ts';
import { terraformPlanLoader } from './terraform-plan/index.ts';
import { terraformStateLoader } from './terraform-state/index.ts';

export { type LoadedTree, loadTree } from './tree.ts';

/** Each file is an estate of its own: what is named in another is not meant. */
function fileByFile(loader: Loader): Loader {
  return {
    ...loader,
    load: async (files, read) => {
      const { resources, problems } = await loader.load(files, read);
      return { resources: resources.map((resource) => ({ ...resource, root: resource.file })), problems };
    },
  };
}

/** Every kind of infrastructure code. A file belongs to the first that claims it. */
export const LOADERS: readonly Loader[] = [
  terraformLoader,
  terraformPlanLoader,
  terraformStateLoader,
  fileByFile(rosLoader),
  fileByFile(cloudformationLoader),
  kubernetesLoader,
  dockerfileLoader,
];
