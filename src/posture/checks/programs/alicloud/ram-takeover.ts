import { isUnknown, type Resource, UNKNOWN_PART, type Value, textOf } from '#model/resource.ts';
import type { Graph } from '../../graph.ts';
import { fail, type Outcome, PASS, unsure } from '../../outcome.ts';
import type { Program } from '../index.ts';
import { valuesOf } from './answer.ts';
import { covers, isAbout, isBroad, type Statement, statementsOf } from './ram-policy.ts';
import { type Holder, isAdministrator, may, nameOf, type Rights, rightsOf } from './ram-rights.ts';

/** Programs about who can become whom. */
export const RAM_PROGRAMS: Readonly<Record<string, Program>> = {
  'ram-becomes-admin': becomesAdmin,
  'ram-one-active-key': oneActiveKey,
};

/** Each of these, on everything, is as good as all rights. */
const SELF_HELP = [
  'ram:AttachPolicyToUser',
  'ram:AttachPolicyToGroup',
  'ram:AttachPolicyToRole',
  'ram:CreatePolicyVersion',
  'ram:SetDefaultPolicyVersion',
  'ram:AddUserToGroup',
  'ram:CreateAccessKey',
  'ram:CreateLoginProfile',
  'ram:UpdateLoginProfile',
  'ram:UpdateRole',
];

/** Services that run somebody’s program under a role, and what starts one. */
const RUNNERS: Readonly<Record<string, readonly string[]>> = {
  'ecs.aliyuncs.com': ['ecs:RunInstances', 'ecs:CreateInstance', 'ecs:AttachInstanceRamRole'],
  'fc.aliyuncs.com': ['fc:CreateFunction', 'fc:UpdateFunction', 'fc:CreateService', 'fc:UpdateService'],
  'eci.aliyuncs.com': ['eci:CreateContainerGroup'],
};

/** Without one of these nobody gets from one role to another. */
const MOVES = ['sts:AssumeRole', 'ram:PassRole'];

function canMove(rights: Rights): boolean {
  return MOVES.some((action) => may(rights, action, () => true));
}

interface Role {
  readonly resource: Resource;
  readonly name: string;
  readonly trust: readonly Statement[];
  readonly rights: Rights;
  /** As administrator, or one who can help itself. */
  readonly strength: string | undefined;
}

/** The roles of a scan that are strong, or lead on; read once. */
const ROLES = new WeakMap<Graph, readonly Role[]>();

/** Fails where somebody who is no administrator can become one; the reason is the way there. */
function becomesAdmin(one: Resource, graph: Graph): Outcome {
  const holder: Holder = one.type === 'alicloud_ram_role' ? 'role' : 'user';
  const rights = rightsOf(one, holder, graph);
  if (isAdministrator(rights)) return PASS;
  const name = nameOf(one, holder) ?? one.name;
  const helped = helpsItself(rights);
  if (helped !== undefined) return fail(() => `${name} may ${helped} on everything`);
  const way = wayUp({ resource: one, name, holder, rights }, rolesOf(graph));
  if (way !== undefined) return fail(() => way);
  return rights.missing === undefined ? PASS : unsure(() => rights.missing as string);
}

interface Climber {
  readonly resource: Resource;
  readonly name: string;
  readonly holder: Holder;
  readonly rights: Rights;
}

/** From role to role, the nearest first. */
function wayUp(start: Climber, roles: readonly Role[]): string | undefined {
  const seen = new Set<Resource>([start.resource]);
  const queue: { readonly at: Climber; readonly way: string }[] = [{ at: start, way: start.name }];
  for (let next = queue.shift(); next !== undefined; next = queue.shift()) {
    const { at, way } = next;
    if (!canMove(at.rights)) continue;
    for (const role of roles) {
      if (seen.has(role.resource)) continue;
      const step = stepTo(at, role);
      if (step === undefined) continue;
      seen.add(role.resource);
      if (role.strength !== undefined) return `${way} ${step} ${role.name}, which ${role.strength}`;
      queue.push({ at: { ...role, holder: 'role' }, way: `${way} ${step} ${role.name}, which` });
    }
  }
  return undefined;
}

function stepTo(at: Climber, role: Role): string | undefined {
  const onRole = (statement: Statement): boolean =>
    statement.resources.some((resource) => covers(resource, 'role', role.resource, role.name));
  const trusts = role.trust.some(
    (one) => one.allows && !one.conditional && one.trusted.some((who) => isAbouts(who, at)),
  );
  if (trusts && may(at.rights, 'sts:AssumeRole', onRole)) return 'can assume';
  if (!may(at.rights, 'ram:PassRole', onRole)) return;
  const runs = role.trust.some((one) =>
    one.services.some((service) => (RUNNERS[service] ?? []).some((action) => may(at.rights, action, () => true))),
  );
  return runs ? 'can start a program as' : undefined;
}

/** `acs:ram::1234:root` trusts all of the account; `…:user/name` and `…:role/name` one of it. */
function isAbouts(who: Value, { resource, name, holder }: Climber): boolean {
  if (isUnknown(who) && (who.partial ?? UNKNOWN_PART) === UNKNOWN_PART)
    return who.references.some((reference) => reference.resource === resource.id);
  const text = isUnknown(who) ? (who.partial ?? '') : textOf(who);
  const [, , , account, identity] = text.split(':');
  if (text === '*') return true;
  if (resource.account !== undefined && account !== undefined && /^\d+$/.test(account) && account !== resource.account)
    return false;
  return (
    identity === 'root' ||
    identity === '*' ||
    isAbout((identity ?? '').replaceAll(UNKNOWN_PART, '*'), `${holder}/${name}`)
  );
}

function rolesOf(graph: Graph): readonly Role[] {
  const known = ROLES.get(graph);
  if (known !== undefined) return known;
  const roles = graph.ofType(['alicloud_ram_role']).map((resource): Role => {
    const rights = rightsOf(resource, 'role', graph);
    const helped = helpsItself(rights);
    return {
      resource,
      name: nameOf(resource, 'role') ?? resource.name,
      trust: statementsOf(resource, ['assume_role_policy_document', 'document']) ?? [],
      rights,
      strength: isAdministrator(rights) ? 'is administrator' : helped && `may ${helped} on everything`,
    };
  });
  const leading = roles.filter(({ strength, rights }) => strength !== undefined || canMove(rights));
  ROLES.set(graph, leading);
  return leading;
}

function helpsItself(rights: Rights): string | undefined {
  return SELF_HELP.find((action) =>
    may(rights, action, (statement) => !statement.conditional && statement.resources.some(isBroad)),
  );
}

/** Fails where the user of this active key has another active one. */
function oneActiveKey(key: Resource, graph: Graph): Outcome {
  if (!isActive(key)) return PASS;
  const [user] = valuesOf(key, 'user_name');
  if (user === undefined) return PASS;
  const owner = ownerOf(user);
  if (owner === undefined) return unsure(() => (isUnknown(user) ? user.reason : 'whose key it is cannot be told'));
  const other = keysOf(graph)
    .get(owner)
    ?.find((one) => one !== key);
  if (other === undefined) return PASS;
  const unclear = [key, other].flatMap((one) => valuesOf(one, 'status')).find(isUnknown);
  return unclear === undefined
    ? fail(() => `${other.name} is an active key of the same user`)
    : unsure(() => unclear.reason);
}

/** The active keys of a scan, by whose they are; read once. */
const KEYS = new WeakMap<Graph, ReadonlyMap<string, readonly Resource[]>>();

function keysOf(graph: Graph): ReadonlyMap<string, readonly Resource[]> {
  const known = KEYS.get(graph);
  if (known !== undefined) return known;
  const keys = Map.groupBy(graph.ofType(['alicloud_ram_access_key']).filter(isActive), (key) => {
    const [user] = valuesOf(key, 'user_name');
    return (user === undefined ? undefined : ownerOf(user)) ?? '';
  });
  KEYS.set(graph, keys);
  return keys;
}

function isActive(key: Resource): boolean {
  return valuesOf(key, 'status').every((status) => textOf(status).toLowerCase() !== 'inactive');
}

function ownerOf(user: Value): string | undefined {
  if (isUnknown(user)) return user.references[0]?.resource;
  return typeof user === 'string' ? user : undefined;
}
