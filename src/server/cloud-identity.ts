import { BartizanError } from '#kit/errors.ts';
import type { Cloud, CloudCall } from '#respond/actions/repair/index.ts';

export interface CloudOptions {
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Every call goes here instead of to the provider: for tests and simulations. */
  readonly endpointBase?: string | undefined;
}

/**
 * Asks the provider who the credentials belong to.
 *
 * @throws BTZ_CLOUD_CREDENTIALS, BTZ_CLOUD_UNREACHABLE
 */
export async function asCloud(
  named: { readonly provider: string; readonly suggestion: string },
  who: CloudCall,
  keyId: string,
  ask: Cloud['ask'],
  read: (answer: unknown) => { readonly account: string | undefined; readonly identity: string | undefined },
): Promise<Cloud> {
  const answer = await ask(who);
  if (!answer.ok) {
    const { kind, code, message } = answer.failure;
    const problem = `${code}: ${message}`;
    if (kind === 'busy' || kind === 'throttled')
      throw new BartizanError('BTZ_CLOUD_UNREACHABLE', { ...named, problem });
    throw new BartizanError('BTZ_CLOUD_CREDENTIALS', { ...named, problem });
  }
  const { account, identity } = read(answer.value);
  if (account === undefined || identity === undefined)
    throw new BartizanError('BTZ_CLOUD_CREDENTIALS', { ...named, problem: 'it does not say who we are' });
  return { account, identity, keyId, ask };
}
