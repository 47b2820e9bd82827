import { isUnknown, type Resource } from '#model/resource.ts';
import type { Graph } from '../../graph.ts';
import { valuesOf } from './answer.ts';
import { isAbout, isBroad, type Statement, statementsOf } from './ram-policy.ts';

export type Holder = 'user' | 'role' | 'group';

/** What somebody may do, by its own policies and those of its groups. */
export interface Rights {
  readonly statements: readonly Statement[];
  /** Why there may be more. */
  readonly missing: string | undefined;
}

/** The provider’s own policies that matter for taking over rights. */
const SYSTEM_POLICIES: Readonly<Record<string, readonly string[]>> = {
  AdministratorAccess: ['*'],
  AliyunRAMFullAccess: ['ram:*'],
  AliyunSTSAssumeRoleAccess: ['sts:AssumeRole'],
};

const NAMES: Readonly<Record<Holder, readonly string[]>> = {
  user: ['name', 'user_name', 'id'],
  role: ['role_name', 'name', 'id'],
  group: ['name', 'group_name', 'id'],
};

export function rightsOf(one: Resource, holder: Holder, graph: Graph): Rights {
  const statements: Statement[] = [];
  let missing: string | undefined;
  const take = (attachment: Resource): void => {
    const [name] = valuesOf(attachment, 'policy_name');
    const system = typeof name === 'string' ? SYSTEM_POLICIES[name] : undefined;
    if (system !== undefined) {
      statements.push(allowing(system));
      return;
    }
    const [type] = valuesOf(attachment, 'policy_type');
    if (type === 'System' && !isUnknown(name)) return;
    const found = graph.named(attachment, ['alicloud_ram_policy'], 'policy_name', ['policy_name', 'name', 'id']);
    missing ??= found.missing;
    for (const policy of found.certain) {
      const read = statementsOf(policy, ['policy_document', 'document']);
      if (read === undefined) missing ??= `the document of ${policy.name} cannot be told`;
      statements.push(...(read ?? []));
    }
  };
  for (const attachment of attachmentsOf(one, holder, graph)) take(attachment);
  if (holder === 'user') {
    for (const group of groupsOf(one, graph))
      for (const attachment of attachmentsOf(group, 'group', graph)) take(attachment);
  }
  return { statements, missing };
}

/** Whether some statement allows the action on a resource for which it holds, and none denies it outright. */
export function may({ statements }: Rights, action: string, holds: (statement: Statement) => boolean): boolean {
  const speaks = (one: Statement): boolean =>
    one.notActions === undefined
      ? one.actions.some((pattern) => isAbout(pattern, action))
      : !one.notActions.some((pattern) => isAbout(pattern, action));
  const denied = statements.some(
    (one) => !one.allows && !one.conditional && speaks(one) && one.resources.some(isBroad),
  );
  return !denied && statements.some((one) => one.allows && speaks(one) && holds(one));
}

/** Whether it may do everything. */
export function isAdministrator(rights: Rights): boolean {
  return rights.statements.some(
    (one) =>
      one.allows &&
      !one.conditional &&
      one.actions.some((action) => action === '*' || action === '*:*') &&
      one.resources.some(isBroad),
  );
}

/** The name by which policies know it; `undefined` where it is not known yet. */
export function nameOf(one: Resource, holder: Holder): string | undefined {
  return NAMES[holder].flatMap((attribute) => valuesOf(one, attribute)).find((value) => typeof value === 'string');
}

function attachmentsOf(one: Resource, holder: Holder, graph: Graph): readonly Resource[] {
  return graph.naming(one, [`alicloud_ram_${holder}_policy_attachment`], `${holder}_name`, NAMES[holder]).certain;
}

function groupsOf(user: Resource, graph: Graph): readonly Resource[] {
  const memberships = [
    ...graph.naming(user, ['alicloud_ram_group_membership'], 'user_names', NAMES.user).certain,
    ...graph.naming(user, ['alicloud_ram_user_group_attachment'], 'user_name', NAMES.user).certain,
  ];
  return memberships.flatMap((one) => graph.named(one, ['alicloud_ram_group'], 'group_name', NAMES.group).certain);
}

function allowing(actions: readonly string[]): Statement {
  return {
    allows: true,
    conditional: false,
    actions,
    notActions: undefined,
    resources: ['*'],
    trusted: [],
    services: [],
  };
}
