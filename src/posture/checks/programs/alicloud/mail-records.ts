import { isUnknown, type Resource, textOf } from '#model/resource.ts';
import type { Graph } from '../../graph.ts';
import { type Outcome, PASS, unsure, fail } from '../../outcome.ts';
import type { Program } from '../index.ts';
import { valuesOf } from './answer.ts';

/** Programs about the records of a domain that receives mail. */
export const MAIL_RECORD_PROGRAMS: Readonly<Record<string, Program>> = { 'mail-has-spf': hasSpf };

/** An SPF policy that names somebody who may send (RFC 7208): one with `all` alone is for domains that send no mail. */
const SPF = /^"?v=spf1\s(?=.*(?:include:|redirect=|exists:|\bip[46]:|\b(?:a|mx|ptr)\b))/i;

function hasSpf(record: Resource, graph: Graph): Outcome {
  const { records, missing: unlinked } = ofSameDomain(record, graph);
  let missing = unlinked;
  for (const other of records) {
    const [type] = valuesOf(other, 'type');
    const [value] = [...valuesOf(other, 'value'), ...valuesOf(other, 'records')];
    if (type === undefined || textOf(type).toUpperCase() !== 'TXT' || value === undefined) continue;
    if (isUnknown(value)) missing ??= value.reason;
    else if (SPF.test(textOf(value).slice(0, 2_000))) return PASS;
  }
  return missing === undefined
    ? fail(() => 'no TXT record says who may send mail for the domain')
    : unsure(() => missing as string);
}

const DOMAINS = ['alicloud_alidns_domain', 'alicloud_dns', 'alicloud_dns_domain'];

/** Records that name the domain by the same text, or by the same resource. */
function ofSameDomain(record: Resource, graph: Graph): { records: readonly Resource[]; missing?: string } {
  const by = record.type === 'alicloud_dns_record' ? 'name' : 'domain_name';
  const texts = graph.named(record, [record.type], by, [by]).certain;
  const domains = graph.named(record, DOMAINS, by, ['domain_name', 'name']);
  const records = [
    ...texts,
    ...domains.certain.flatMap((one) => graph.naming(one, [record.type], by, ['domain_name', 'name']).certain),
  ];
  const [domain] = valuesOf(record, by);
  return isUnknown(domain) && domains.certain.length === 0 ? { records, missing: domain.reason } : { records };
}
