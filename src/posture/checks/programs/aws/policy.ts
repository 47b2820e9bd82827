import type { Resource } from '#model/resource.ts';
import { allOf, fail, type Outcome, PASS, unsure } from '../../outcome.ts';
import { isUnrestrictable } from './unrestrictable-actions.ts';
import { DANGERS, grants } from './dangers.ts';
import { policiesOf, type Principal, type Statement } from './policy-document.ts';

type Program = (resource: Resource) => Outcome;

/** Conditions that name who is meant; others (a time, TLS, a user agent) leave the door open to everyone. */
const NAMING_KEYS =
  /^(aws:(sourcearn|sourceaccount|sourceowner|sourceorgid|sourceorgpaths|sourcevpce?|sourcevpcarn|sourceip|vpcsourceip|principalarn|principalaccount|principalorgid|principalorgpaths|principaltag\/.+|userid|calledvia.*|principalserviceorgid|principalservicename|viaawsservice)|kms:(calleraccount|viaservice)|s3:dataaccesspoint(arn|account)|elasticfilesystem:accesspointarn|sns:endpoint|lambda:functionurlauthtype|saml:.+|[\w.-]+:(sub|aud))$/;

/** Programs about what policies allow. All read whatever attribute of the resource holds a policy. */
export const POLICY_PROGRAMS: Readonly<Record<string, Program>> = {
  'aws-policy-not-public': noneOf(
    (one) => one.allows && (isOpen(one.principals) || one.notPrincipals.length > 0) && !namesSomebody(one),
    'a statement allows everyone',
  ),
  'aws-policy-no-everything': noneOf(
    (one) => one.allows && one.actions.some((action) => /^(\*|[a-z0-9-]+:\*)$/i.test(action)),
    'a statement allows all actions',
  ),
  'aws-policy-no-admin': noneOf(
    (one) => one.allows && one.actions.some(isAll) && one.resources.some(isAll),
    'a statement allows everything on everything',
  ),
  'aws-policy-no-star-action': noneOf(
    (one) => one.allows && one.actions.some(isAll),
    'a statement has * as its action',
  ),
  'aws-policy-no-full-iam': noneOf(
    (one) => one.allows && one.resources.some(isAll) && one.actions.some((action) => /^(\*|iam:\*)$/i.test(action)),
    'a statement allows all of IAM',
  ),
  'aws-policy-no-star-resource': noneOf(
    (one) => one.allows && one.resources.some(isAll) && one.actions.some((action) => !isUnrestrictable(action)),
    'a statement allows on every resource what could be limited to some',
  ),
  'aws-policy-no-not-action': noneOf(
    (one) => one.allows && one.notActions.length > 0,
    'a statement allows everything but a few actions',
  ),
  'aws-policy-principals-named': noneOf(
    (one) =>
      one.allows &&
      one.principals.some(({ kind, name }) => (kind === '*' || kind === 'AWS') && isAll(name)) &&
      !namesSomebody(one),
    'a statement trusts any AWS principal',
  ),
  'aws-trust-not-public': noneOf(
    (one) =>
      one.allows && one.principals.some(({ kind, name }) => kind !== 'Federated' && isAll(name)) && !namesSomebody(one),
    'anyone may assume the role',
    ['assume_role_policy'],
  ),
  'aws-trust-no-whole-account': noneOf(
    (one) => one.allows && one.principals.some(isWholeAccount) && one.conditions.length === 0,
    'everyone with rights in a whole account may assume the role',
    ['assume_role_policy'],
  ),
  'aws-trust-github-narrow': noneOf(trustsGithubTooWidely, 'any repository on GitHub may assume the role', [
    'assume_role_policy',
  ]),
  'aws-s3-policy-tls': someOf(deniesPlainHttp, 'no statement denies requests without TLS'),
  'aws-s3-policy-no-lockout': noneOf(
    (one) =>
      !one.allows &&
      one.conditions.length === 0 &&
      isOpen(one.principals) &&
      one.actions.some((action) => /^(\*|s3:\*)$/i.test(action)),
    'a statement denies everything to everyone, its owner included',
  ),
  ...Object.fromEntries(
    Object.entries(DANGERS).map(([name, danger]) => [
      `aws-policy-no-${name}`,
      noneOf(
        (one) => one.allows && one.resources.some(isAll) && one.conditions.length === 0 && grants(one, danger),
        danger.says,
      ),
    ]),
  ),
};

function noneOf(wrong: (one: Statement) => boolean, says: string, attributes?: readonly string[]): Program {
  return (resource) => {
    const { statements, missing } = policiesOf(resource, attributes);
    const outcome = allOf(statements, (one) => (wrong(one) ? fail(() => says) : PASS));
    return outcome.is === 'pass' && missing !== undefined ? unsure(() => missing) : outcome;
  };
}

function someOf(wanted: (one: Statement) => boolean, says: string): Program {
  return (resource) => {
    const { statements, missing } = policiesOf(resource);
    if (statements.some(wanted)) return PASS;
    return missing === undefined ? fail(() => says) : unsure(() => missing);
  };
}

function isAll(text: string): boolean {
  return /^\*+$/.test(text);
}

/** `*`, or an ARN whose account is one. */
function isOpen(principals: readonly Principal[]): boolean {
  return principals.some(
    ({ kind, name }) => (kind === '*' || kind === 'AWS') && (isAll(name) || /^arn:[^:]*:(iam|sts)::\*/i.test(name)),
  );
}

function isWholeAccount({ kind, name }: Principal): boolean {
  return (kind === 'AWS' || kind === '*') && /^(\d{12}|arn:[^:]*:iam::[^:]*:root|\*)$/.test(name);
}

/** Whether a condition says who is meant. One wildcard among its values takes that back. */
function namesSomebody(one: Statement): boolean {
  return one.conditions.some(
    ({ operator, key, values }) =>
      NAMING_KEYS.test(key) &&
      !/not|null/i.test(operator) &&
      values.length > 0 &&
      !values.some((value) => /^\*+$|^0\.0\.0\.0\/0$|^::\/0$/.test(value)),
  );
}

function trustsGithubTooWidely(one: Statement): boolean {
  if (!one.allows) return false;
  const isGithub = ({ kind, name }: Principal): boolean =>
    kind === 'Federated' && /token\.actions\.githubusercontent\.com/i.test(name);
  if (!one.principals.some(isGithub)) return false;
  const subjects = one.conditions.filter(({ key }) => key === 'token.actions.githubusercontent.com:sub');
  return subjects.length === 0 || subjects.some(({ values }) => values.some((value) => !/^repo:[^*/:]+\//.test(value)));
}

function deniesPlainHttp(one: Statement): boolean {
  if (one.allows || !isOpen(one.principals)) return false;
  return one.conditions.some(
    ({ operator, key, values }) =>
      (key === 'aws:securetransport' && /^bool/i.test(operator) && values.some((value) => /^false$/i.test(value))) ||
      (key === 's3:tlsversion' && /lessthan/i.test(operator)),
  );
}
