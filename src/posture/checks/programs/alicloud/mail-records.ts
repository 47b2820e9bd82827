import { isUnknown, type Resource } from '#model/resource.ts';
import type { Graph } from '../../graph.ts';
import { type Outcome, PASS, unsure, fail } from '../../outcome.ts';
import type { Program } from '../index.ts';
import { valuesOf } from './answer.ts';

/** Programs about the records of a domain that receives mail. */
export const MAIL_RECORD_PROGRAMS: Readonly<Record<string, Program>> = { 'mail-has-spf': hasSpf };

/** An SPF policy that names somebody who may send (RFC 7208): one with `all` alone is for domains that send no mail. */
const SPF = /^"?v=spf1\s(?=.*(?:include:|redirect=|exists:|\bip[46]:|\b(?:a|mx|ptr)\b))/i;

function hasSpf(record: Resource, graph: Graph): Outcome {
  const domain = domainOf(record);
  let missing: string | undefined;
  for (const other of graph.ofType([record.type])) {
    if (domainOf(other) !== domain) continue;
    const [type] = valuesOf(other, 'type');
    const [value] = [...valuesOf(other, 'value'), ...valuesOf(other, 'records')];
    if (type === undefined || String(type).toUpperCase() !== 'TXT' || value === undefined) continue;
    if (isUnknown(value)) missing ??= value.reason;
    else if (SPF.test(String(value).slice(0, 2_000))) return PASS;
  }
  return missing === undefined
    ? fail(() => 'no TXT record says who may send mail for the domain')
    : unsure(() => missing as string);
}

/** The text, or the resource that it refers to. */
function domainOf(record: Resource): string | undefined {
  const [value] = [...valuesOf(record, 'domain_name'), ...valuesOf(record, 'name'), ...valuesOf(record, 'zone_id')];
  if (value === undefined) return undefined;
  if (!isUnknown(value)) return String(value).toLowerCase();
  return value.references.map(({ resource }) => resource).join(' ');
}
