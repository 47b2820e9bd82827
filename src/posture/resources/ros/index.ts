import { unknown } from '#model/resource.ts';
import { snakeCase } from '../canonical-shape.ts';
import type { Loader } from '../loader.ts';
import { spelt } from '../stack-functions.ts';
import { loadStacks, type StackLanguage } from '../stack-resources.ts';
import { NO_VALUE } from '../stack-template.ts';
import { ROS_TYPES } from './types/index.ts';

/**
 * Templates of Alibaba Cloud’s Resource Orchestration Service (ROS), YAML or JSON.
 *
 * A resource’s id is `<canonical type>.<logical id>`, its lines those of the logical id. `Ref` and `Fn::GetAtt` of a resource are
 * unknown with a reference to it; a parameter is its default. `Count` makes up to a hundred copies (`…[0]`). What Terraform
 * keeps apart (the rules of a security group, policies attached to a user) stands beside its resource under its own type.
 * Types without a rule (`types/`) are converted by their names.
 *
 * @see https://help.aliyun.com/zh/ros/developer-reference/resource-types
 */
export const rosLoader: Loader = {
  id: 'ros',
  claims: (path, head) =>
    /\.(?:ya?ml|json|template|ros)$/i.test(path) &&
    (/\bROSTemplateFormatVersion\b/.test(head) ||
      (/\bResources["']?\s*:/.test(head) && /\bType["']?\s*:\s*["']?(?:ALIYUN|DATASOURCE)::/.test(head))),
  load: async (files) => loadStacks(files, ROS, {}),
};

const ROS: StackLanguage = {
  provider: 'alicloud',
  rules: ROS_TYPES,
  typeOf: (type) => {
    const [vendor, ...rest] = type.split('::');
    if (vendor !== 'ALIYUN' || rest.length === 0) return undefined;
    return `alicloud_${rest.map(snakeCase).join('_')}`;
  },
  pseudo: (name) => {
    if (name === 'ALIYUN::NoValue') return NO_VALUE;
    if (!name.startsWith('ALIYUN::')) return undefined;
    return spelt(unknown(`${name.slice(0, 40)} is known after apply`), `\${${name}}`);
  },
  attribute: (type, attribute) => {
    const kind = snakeCase(type.split('::').at(-1) ?? '');
    const name = snakeCase(attribute);
    if (name === `${kind}_id` || IDS.has(name)) return 'id';
    return type.startsWith('ALIYUN::RAM::') && name === `${kind}_name` ? 'name' : name;
  },
};

/** What `Fn::GetAtt` calls the id of a resource whose kind has another name. */
const IDS = new Set(['allocation_id', 'db_instance_id', 'db_cluster_id', 'bucket_name', 'image_id', 'cluster_id']);
