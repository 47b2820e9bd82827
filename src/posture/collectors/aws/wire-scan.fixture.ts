import type { Check } from '../../checks/index.ts';
import { planOf } from '../needs.ts';
import { scanAccount } from '../scan.ts';
import { awsCollector } from './index.ts';
import { type Answers, serveWire } from './wire.fixture.ts';

export const IDENTITY = `<GetCallerIdentityResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/">
  <GetCallerIdentityResult>
    <Arn>arn:aws:iam::210987654321:user/scanner</Arn>
    <UserId>AIDAWIREWIREWIREWIRE1</UserId>
    <Account>210987654321</Account>
  </GetCallerIdentityResult>
  <ResponseMetadata><RequestId>2c1b0a9f-8e7d-4c6b-9a5f-4e3d2c1b0a9f</RequestId></ResponseMetadata>
</GetCallerIdentityResponse>`;

/** The least of a check that needs these; its condition is not asked here. */
export function needing(resource: string, ...needs: string[]): Check {
  const text = { en: 'x', zh: 'x' };
  return {
    id: 'wire',
    title: text,
    why: text,
    severity: 'low',
    provider: 'aws',
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
  answers: Answers,
  checks: Check | readonly Check[],
  more: { readonly regions?: readonly string[]; readonly progressFile?: string; readonly nowMs?: number } = {},
) {
  process.env['AWS_ACCESS_KEY_ID'] = 'wire-test-id';
  process.env['AWS_SECRET_ACCESS_KEY'] = 'wire-test-secret';
  process.env['AWS_EC2_METADATA_DISABLED'] = 'true';
  process.env['AWS_CONFIG_FILE'] = '/nonexistent';
  process.env['AWS_SHARED_CREDENTIALS_FILE'] = '/nonexistent';
  await using wire = await serveWire({ 'sts GetCallerIdentity': IDENTITY, ...answers });
  const connection = await awsCollector.connect({ endpointBase: wire.url, regions: more.regions ?? ['eu-central-1'] });
  const scan = await scanAccount(awsCollector, connection, planOf(awsCollector, [checks].flat() as Check[]), {
    nowMs: more.nowMs ?? Date.UTC(2026, 10, 24),
    pauseMs: 5,
    progressFile: more.progressFile,
  });
  return { ...scan, connection, wire };
}
