import { isUnknown, type Value } from '#model/resource.ts';

/** Put in place of a secret text: there is one, and nobody needs to see it. */
export const MASKED = '********';

const SECRET_NAME =
  /(?:^|[_.-])(?:password|passwd|pwd|passphrase|secret|token|api_key|private_key|secret_key|access_key|access_key_id|secret_access_key|account_key|primary_key|connection_string|credentials|auth_key|sas_url)$/;

/**
 * A value of an attribute as it may be shown: texts below a name that tells of a secret are masked, at any depth. Identifiers
 * of cloud resources (`arn:`, `acs:`) are not, for they only say where the secret lies.
 */
export function maskNamed(name: string, value: Value): Value {
  if (typeof value === 'string') return isSecretName(name) && !/^(?:$|arn:|acs:)/.test(value) ? MASKED : value;
  if (typeof value !== 'object' || isUnknown(value)) return value;
  if (Array.isArray(value)) return (value as readonly Value[]).map((item) => maskNamed(name, item));
  return Object.fromEntries(Object.entries(value).map(([inner, item]) => [inner, maskNamed(inner, item)]));
}

/** `db_password`, `DB_PASSWORD`, `dbPassword`; not `http_tokens`, which is a setting. */
function isSecretName(name: string): boolean {
  return SECRET_NAME.test(name.replace(/([a-z\d])([A-Z])/g, '$1_$2').toLowerCase());
}

/** All texts in a value masked. */
export function maskWhole(value: Value): Value {
  if (typeof value === 'string') return value === '' ? '' : MASKED;
  if (typeof value !== 'object' || isUnknown(value)) return value;
  if (Array.isArray(value)) return (value as readonly Value[]).map(maskWhole);
  return Object.fromEntries(Object.entries(value).map(([name, item]) => [name, maskWhole(item)]));
}
