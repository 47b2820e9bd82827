import type { Scope } from '../evaluate/scope.ts';
import type { Cell } from '../evaluate/value.ts';
import { policyDocument } from './policy-document.ts';
import type { Declaration } from './source.ts';

export interface DataSource {
  readonly declaration: Declaration;
  readonly address: string;
  readonly scope: Scope;
}

/** What a data source comes to that is computed from the code alone; undefined for all that asks the provider. */
export function dataValue(source: DataSource, attribute: string): Cell | undefined {
  const { type } = source.declaration;
  if (type === 'aws_iam_policy_document' && (attribute === 'json' || attribute === 'minified_json'))
    return policyDocument(source, AWS);
  if (type === 'alicloud_ram_policy_document' && attribute === 'document') return policyDocument(source, ALICLOUD);
  return undefined;
}

const AWS = { version: '2012-10-17', conditionValues: 'values' } as const;
const ALICLOUD = { version: '1', conditionValues: 'values' } as const;
