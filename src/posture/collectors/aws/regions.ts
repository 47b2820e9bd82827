/** Where services of the account as a whole are asked: each partition of AWS has a region for them. */
export function homeOf(region: string | undefined): string {
  if (region?.startsWith('cn-')) return 'cn-north-1';
  return region?.startsWith('us-gov-') ? 'us-gov-west-1' : 'us-east-1';
}

/** By home: regions open to every account without asking for them, for identities that may not list them. */
export const KNOWN_REGIONS: Readonly<Record<string, readonly string[]>> = {
  'us-east-1': [
    'us-east-1',
    'us-east-2',
    'us-west-1',
    'us-west-2',
    'ca-central-1',
    'sa-east-1',
    'eu-central-1',
    'eu-north-1',
    'eu-west-1',
    'eu-west-2',
    'eu-west-3',
    'ap-northeast-1',
    'ap-northeast-2',
    'ap-northeast-3',
    'ap-south-1',
    'ap-southeast-1',
    'ap-southeast-2',
  ],
  'cn-north-1': ['cn-north-1', 'cn-northwest-1'],
  'us-gov-west-1': ['us-gov-west-1', 'us-gov-east-1'],
};
