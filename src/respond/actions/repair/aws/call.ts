import { BartizanError } from '#kit/errors.ts';
import type { CloudApi, CloudCall, Weakness } from '../kind.ts';

type AwsApi = Extract<CloudApi, { product: 'aws' }>;

/** Makes the calls of one service, with the permission of the same name; S3 alone has others. */
export function callsOf(service: AwsApi['service'], prefix: string = service) {
  return (
    command: string,
    { resource: { region } }: Weakness,
    input: AwsApi['input'],
    more: Partial<CloudCall> = {},
  ): CloudCall => ({
    permission: `${prefix}:${command}`,
    api: { product: 'aws', service, command, input },
    params: {},
    region,
    ...more,
  });
}

/** The answer lacks what it always has. */
export function unreadable(permission: string, problem: string): BartizanError {
  return new BartizanError('BTZ_REPAIR_NOT_READ', { permission, problem });
}
