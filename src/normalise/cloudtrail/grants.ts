import { isJsonObject, parseJson } from '#kit/json.ts';
import { listed, outsidersOf, type Principals, principalsOf, sharedWith } from './principals.ts';

/**
 * What a call gives away, read out of the policy documents and sharing lists in its parameters. Rules name the parts
 * `grants.everyone`, `grants.outsiders`, `grants.administrator`, `grants.ladder` and `grants.loose_federation`.
 */
export interface Grants {
  /** Anybody on the internet, or any AWS account: principal `*` without a condition that narrows who may come. */
  readonly everyone?: true;
  /** Account numbers of others than the account that recorded the call, and than AWS’s own log delivery. */
  readonly outsiders?: readonly string[];
  /** A policy of an identity that allows everything, or everything about identities, on every resource. */
  readonly administrator?: true;
  /** A policy of an identity that holds a call with which it can give itself more rights, on every resource. */
  readonly ladder?: true;
  /** A role that any workflow or any tenant of a public identity provider may take. */
  readonly loose_federation?: true;
}

/** Reads the parameters of one call; undefined where nothing is given away. Pure, bounded by the size of the record. */
export function grantsOf(parameters: unknown, ownAccount: string | undefined): Grants | undefined {
  if (!isJsonObject(parameters)) return undefined;
  const found: Found = { everyone: false, accounts: new Set(), administrator: false, ladder: false, loose: false };
  for (const document of documentsIn(parameters)) readDocument(document, found);
  addPrincipals(sharedWith(parameters), found);
  const outsiders = outsidersOf(found.accounts, ownAccount);
  const grants: Grants = {
    ...(found.everyone && { everyone: true as const }),
    ...(outsiders.length > 0 && { outsiders }),
    ...(found.administrator && { administrator: true as const }),
    ...(found.ladder && { ladder: true as const }),
    ...(found.loose && { loose_federation: true as const }),
  };
  return Object.keys(grants).length === 0 ? undefined : grants;
}

type Json = Record<string, unknown>;

interface Found {
  everyone: boolean;
  readonly accounts: Set<string>;
  administrator: boolean;
  ladder: boolean;
  loose: boolean;
}

const MAX_DOCUMENTS = 16;
const MAX_STATEMENTS = 200;
const MAX_LEVELS = 4;

/** Policy documents lie at different depths, as objects (S3) or as text (IAM, KMS, SQS and most others). */
function documentsIn(parameters: Json): readonly Json[] {
  const documents: Json[] = [];
  visit(parameters, 0);
  return documents;

  function visit(value: unknown, level: number): void {
    if (documents.length >= MAX_DOCUMENTS || level > MAX_LEVELS) return;
    if (typeof value === 'string') {
      const document = value.includes('Statement') ? readText(value) : undefined;
      if (document !== undefined) documents.push(document);
    } else if (isJsonObject(value)) {
      if (value.Statement !== undefined) documents.push(value);
      else for (const inner of Object.values(value)) visit(inner, level + 1);
    }
  }
}

function readText(text: string): Json | undefined {
  const parsed = parseJson(text.trimStart().startsWith('%7B') ? decoded(text) : text);
  return parsed.ok && isJsonObject(parsed.value) && parsed.value.Statement !== undefined ? parsed.value : undefined;
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return '';
  }
}

/** IAM JSON policy grammar: one statement or a list of them. */
function readDocument(document: Json, found: Found): void {
  for (const statement of listed(document.Statement).slice(0, MAX_STATEMENTS)) {
    if (!isJsonObject(statement) || statement.Effect !== 'Allow') continue;
    const hasPrincipal = statement.Principal !== undefined || statement.NotPrincipal !== undefined;
    if (hasPrincipal) addPrincipals(principalsOf(statement), found);
    else readRights(statement, found);
  }
}

function addPrincipals(principals: Principals, found: Found): void {
  if (principals.everyone) found.everyone = true;
  if (principals.looseFederation) found.loose = true;
  for (const account of principals.accounts) found.accounts.add(account);
}

/** A statement without principal stands in the policy of an identity. */
function readRights(statement: Json, found: Found): void {
  if (!listed(statement.Resource).includes('*') && statement.NotResource === undefined) return;
  if (statement.NotAction !== undefined) found.administrator = true;
  const actions = listed(statement.Action).map((action) => String(action).toLowerCase());
  if (actions.some((action) => WHOLE.test(action))) found.administrator = true;
  if (actions.some((action) => RUNGS.has(action))) found.ladder = true;
}

const WHOLE = /^(?:\*+(?::\*+)?|iam:\*+)$/;

/** Calls by which an identity raises its own rights, each enough alone. */
const RUNGS: ReadonlySet<string> = new Set([
  'iam:attachuserpolicy',
  'iam:attachrolepolicy',
  'iam:attachgrouppolicy',
  'iam:putuserpolicy',
  'iam:putrolepolicy',
  'iam:putgrouppolicy',
  'iam:createpolicyversion',
  'iam:setdefaultpolicyversion',
  'iam:createaccesskey',
  'iam:createloginprofile',
  'iam:updateloginprofile',
  'iam:updateassumerolepolicy',
  'iam:addusertogroup',
  'iam:put*',
  'iam:attach*',
  'iam:create*',
  'iam:update*',
]);
