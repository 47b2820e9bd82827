import { parseJson } from '#kit/json.ts';

type Json = Record<string, unknown>;

/**
 * Request parameters as rules read them: what the old style of Alibaba Cloud’s interfaces writes flat, with numbers from
 * 1 on (`Permissions.1.PortRange`, `AddAccount.1`), stands there as the list or object that it means
 * (`Permissions: [{ PortRange }]`, `AddAccount: […]`) beside its flat name.
 *
 * A list that comes as its JSON text (`InstanceIds: '["i-1"]'`) is opened too. A name that is there in full already is
 * left as it is; of more than 500 flat names the rest stay flat. Never throws.
 */
export function withNestedParameters(parameters: Json): Json {
  const names = Object.keys(parameters);
  const flat = names.filter((name) => FLAT.test(name));
  const lists = names.filter((name) => looksLikeList(parameters[name]));
  if (flat.length === 0 && lists.length === 0) return parameters;
  const opened = Object.fromEntries(lists.map((name) => [name, listOf(parameters[name] as string)]));
  return { ...parameters, ...opened, ...nested(parameters, flat) };
}

function looksLikeList(value: unknown): boolean {
  return typeof value === 'string' && value.length <= MOST_LIST_TEXT && value.startsWith('[') && value.endsWith(']');
}
const MOST_LIST_TEXT = 65_536;

function listOf(text: string): unknown {
  const parsed = parseJson(text);
  return parsed.ok && Array.isArray(parsed.value) ? parsed.value : text;
}

function nested(parameters: Json, flat: readonly string[]): Json {
  const tree: Branch = new Map();
  for (const name of flat.slice(0, MOST_FLAT)) {
    const path = name.split('.');
    if (Object.hasOwn(parameters, path[0] as string) || path.some((part) => UNSAFE.has(part))) continue;
    plant(tree, path, parameters[name]);
  }
  return tree.size === 0 ? {} : (valueOf(tree) as Json);
}

/** A name, then one to seven parts. */
const FLAT = /^[A-Za-z_][\w-]{0,63}(?:\.[\w-]{1,64}){1,7}$/;
const MOST_FLAT = 500;
const UNSAFE = new Set(['__proto__', 'constructor', 'prototype']);

type Branch = Map<string, Branch | Leaf>;
interface Leaf {
  readonly leaf: unknown;
}

function plant(tree: Branch, path: readonly string[], leaf: unknown): void {
  let branch = tree;
  for (const part of path.slice(0, -1)) {
    const found = branch.get(part);
    const next = found instanceof Map ? found : new Map<string, Branch | Leaf>();
    if (next !== found) branch.set(part, next);
    branch = next;
  }
  const last = path.at(-1) as string;
  if (!(branch.get(last) instanceof Map)) branch.set(last, { leaf });
}

/** Branches whose names are all numbers are lists, in the order of the numbers. */
function valueOf(branch: Branch | Leaf): unknown {
  if (!(branch instanceof Map)) return branch.leaf;
  const names = [...branch.keys()];
  if (!names.every((name) => /^\d{1,4}$/.test(name)))
    return Object.fromEntries(names.map((name) => [name, valueOf(branch.get(name) as Branch | Leaf)]));
  return names.sort((a, b) => Number(a) - Number(b)).map((name) => valueOf(branch.get(name) as Branch | Leaf));
}
