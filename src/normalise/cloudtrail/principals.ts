import { isJsonObject } from '#kit/json.ts';

/** Who is let in, by a statement of a policy or by a list of accounts to share with. */
export interface Principals {
  readonly everyone: boolean;
  readonly accounts: readonly string[];
  readonly looseFederation: boolean;
}

/** The principals of an `Allow` statement; conditions that narrow who may come are honoured. */
export function principalsOf(statement: Readonly<Record<string, unknown>>): Principals {
  const { Principal: principal, NotPrincipal: except } = statement;
  const keys = narrowingKeys(statement.Condition);
  const named = isJsonObject(principal) ? listed(principal.AWS) : listed(principal);
  const federated = isJsonObject(principal) ? listed(principal.Federated) : [];
  const isOpen = (named.includes('*') || except !== undefined) && !keys.some((key) => isNarrowing(key));
  return {
    everyone: isOpen,
    accounts: [...named, ...federated].flatMap(accountIn),
    looseFederation: federated.some((provider) => isLoose(String(provider), keys)),
  };
}

/**
 * Accounts in the parameters that share something without a policy: snapshots and images (`items` with `userId` or
 * `group`), databases (`valuesToAdd`), functions and topics (`principal`, `aWSAccountId`), Redshift, Resource Access
 * Manager, documents of Systems Manager, grants of KMS.
 */
export function sharedWith(parameters: Readonly<Record<string, unknown>>): Principals {
  const accounts: string[] = [];
  let everyone = false;
  for (const name of SHARING_LISTS) {
    for (const value of listed(parameters[name])) {
      if (value === 'all' || value === 'All' || value === '*') everyone = true;
      else accounts.push(...accountIn(value));
    }
  }
  for (const name of ['createVolumePermission', 'launchPermission', 'loadPermission']) {
    for (const item of addedItems(parameters[name])) {
      if (item.group === 'all') everyone = true;
      accounts.push(...accountIn(item.userId));
    }
  }
  // A function, a bus or a topic that is opened to `*` with a condition beside it is not open to all.
  const isNarrowed = NARROWING_PARAMETERS.some((name) => parameters[name] !== undefined);
  return { everyone: everyone && !isNarrowed, accounts, looseFederation: false };
}

/** Those of the accounts that are neither one’s own nor AWS’s. Without an own account nobody is known to be outside. */
export function outsidersOf(accounts: ReadonlySet<string>, own: string | undefined): readonly string[] {
  if (own === undefined) return [];
  return [...accounts].filter((account) => account !== own && !AWS_ACCOUNTS.has(account)).slice(0, MAX_SHOWN);
}

/** One value or a list of them, as a list; nothing for what is absent. */
export function listed(value: unknown): readonly unknown[] {
  if (value === undefined || value === null) return [];
  return Array.isArray(value) ? value.slice(0, MAX_LISTED) : [value];
}

const MAX_LISTED = 500;
const MAX_SHOWN = 16;

const SHARING_LISTS = [
  'valuesToAdd',
  'accountIdsToAdd',
  'accountWithRestoreAccess',
  'aWSAccountId',
  'aWSAccountIds',
  'principal',
  'principals',
  'granteePrincipal',
] as const;

const NARROWING_PARAMETERS = ['sourceArn', 'sourceAccount', 'principalOrgID', 'condition', 'organizationId'] as const;

function addedItems(permission: unknown): readonly Readonly<Record<string, unknown>>[] {
  if (!isJsonObject(permission) || !isJsonObject(permission.add)) return [];
  return listed(permission.add.items).filter(isJsonObject);
}

/** The account of an ARN of a person, role, provider or root, or a bare account number. */
function accountIn(principal: unknown): readonly string[] {
  if (typeof principal === 'number') return [String(principal).padStart(12, '0')];
  if (typeof principal !== 'string') return [];
  const account = /^(?:arn:aws[a-z-]{0,20}:(?:iam|sts)::)?(\d{12})(?::|$)/.exec(principal)?.[1];
  return account === undefined ? [] : [account];
}

/** The keys of all conditions that say who must come (and not who must not), lower case. */
function narrowingKeys(condition: unknown): readonly string[] {
  if (!isJsonObject(condition)) return [];
  return Object.entries(condition)
    .filter(([operator]) => !/not|null/i.test(operator))
    .flatMap(([, keys]) => (isJsonObject(keys) ? Object.entries(keys) : []))
    .filter(([, values]) => !listed(values).some((value) => ANYTHING.test(String(value))))
    .map(([key]) => key.toLowerCase());
}

const ANYTHING = /^(?:\*|0\.0\.0\.0\/0|::\/0|repo:\*(?:[/:]\*)*)$/;

function isNarrowing(key: string): boolean {
  return NARROWING_KEYS.has(key) || key.startsWith('aws:principaltag/');
}

const NARROWING_KEYS: ReadonlySet<string> = new Set([
  'aws:principalorgid',
  'aws:principalorgpaths',
  'aws:principalaccount',
  'aws:principalarn',
  'aws:principalservicename',
  'aws:principalisawsservice',
  'aws:userid',
  'aws:username',
  'aws:sourceaccount',
  'aws:sourceowner',
  'aws:sourcearn',
  'aws:sourceorgid',
  'aws:sourceip',
  'aws:vpcsourceip',
  'aws:sourcevpc',
  'aws:sourcevpce',
  's3:dataaccesspointaccount',
  's3:dataaccesspointarn',
  'kms:calleraccount',
  'kms:viaservice',
  'sns:endpoint',
]);

/** Without a condition on the subject, anybody’s workflow is good; without one on the audience, anybody’s application. */
function isLoose(provider: string, keys: readonly string[]): boolean {
  if (WORKFLOW_PROVIDERS.test(provider)) return !keys.some((key) => key.endsWith(':sub'));
  return APPLICATION_PROVIDERS.test(provider) && !keys.some((key) => /:(?:sub|aud|app_id)$/.test(key));
}

/** All their tenants get tokens of one issuer and often of one audience. */
const WORKFLOW_PROVIDERS =
  /(?:token\.actions\.githubusercontent\.com|gitlab\.com|app\.terraform\.io|agent\.buildkite\.com)/;
const APPLICATION_PROVIDERS =
  /(?:accounts\.google\.com|cognito-identity\.amazonaws\.com|graph\.facebook\.com|www\.amazon\.com)/;

/** Accounts from which AWS itself delivers load balancer logs and reports; bucket policies name them. AWS ELB User Guide. */
const AWS_ACCOUNTS: ReadonlySet<string> = new Set([
  '127311923021',
  '033677994240',
  '027434742980',
  '797873946194',
  '098369216593',
  '985666609251',
  '054676820928',
  '156460612806',
  '652711504416',
  '009996457667',
  '897822967062',
  '635631232127',
  '754344448648',
  '582318560864',
  '600734575887',
  '383597477331',
  '114774131450',
  '783225319266',
  '718504428378',
  '589379963580',
  '507241528517',
  '076674570225',
  '638102146993',
  '037604701340',
  '048591011584',
  '190560391635',
  '386209384616',
]);
