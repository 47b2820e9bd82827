import type { Check } from '../../checks/index.ts';
import { planOf } from '../needs.ts';
import { scanAccount } from '../scan.ts';
import { alicloudCollector } from './index.ts';
import { type Answering, serveWire, type Told } from './wire.fixture.ts';

const IDENTITY = `{
  "IdentityType": "RAMUser",
  "RequestId": "1E6D5C0B-2F6D-5B43-B1C7-8A0F1B2C3D4E",
  "AccountId": "1098765432101234",
  "PrincipalId": "287654321098765432",
  "UserId": "287654321098765432",
  "Arn": "acs:ram::1098765432101234:user/scanner"
}`;

/** The least of a check that needs these; its condition is not asked here. */
export function needing(resource: string, ...needs: string[]): Check {
  const text = { en: 'x', zh: 'x' };
  return {
    id: 'wire',
    title: text,
    why: text,
    severity: 'low',
    provider: 'alicloud',
    resource,
    condition: { id: { exists: true } },
    needs,
    controls: ['x'],
    fix: text,
    cases: [],
  };
}

/** A scan as the command makes it, of a server that answers so. */
export async function scanWire(
  answers: Readonly<Record<string, string | Told | Answering>>,
  check: Check,
  more: { readonly regions?: readonly string[]; readonly progressFile?: string; readonly nowMs?: number } = {},
) {
  process.env['ALIBABA_CLOUD_ACCESS_KEY_ID'] = 'wire-test-id';
  process.env['ALIBABA_CLOUD_ACCESS_KEY_SECRET'] = 'wire-test-secret';
  await using wire = await serveWire({ GetCallerIdentity: IDENTITY, ...answers });
  const connection = await alicloudCollector.connect({
    endpointBase: wire.url,
    regions: more.regions ?? ['cn-hangzhou'],
  });
  const scan = await scanAccount(alicloudCollector, connection, planOf(alicloudCollector, [check]), {
    nowMs: more.nowMs ?? Date.UTC(2026, 10, 24),
    pauseMs: 5,
    progressFile: more.progressFile,
  });
  return { ...scan, connection, wire };
}
