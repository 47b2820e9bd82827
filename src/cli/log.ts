import { join } from 'node:path';
import { defaultDataFolder } from '#server/data-folder.ts';
import { logVerify } from './log-verify.ts';

interface VerifyOptions {
  readonly checkpoint?: string;
  readonly key?: string;
  readonly data?: string;
}

/** `bartizan log verify [FOLDER]`: the log of the data folder unless a copied folder is named. */
export async function verify(folder: string | undefined, { checkpoint, key, data }: VerifyOptions): Promise<void> {
  process.exitCode = await logVerify(folder ?? join(data ?? defaultDataFolder(), 'evidence'), { checkpoint, key });
}
