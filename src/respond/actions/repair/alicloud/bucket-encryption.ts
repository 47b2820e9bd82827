import { textAt } from '#kit/json-path.ts';
import type { Setting } from '#model/action.ts';
import type { RepairKind } from '../kind.ts';
import { bucketCall } from './bucket.ts';

/** Turns on encryption at rest: https://help.aliyun.com/zh/oss/developer-reference/putbucketencryption */
export const bucketEncryption: RepairKind = {
  id: 'bucket-encryption',
  provider: 'alicloud',
  checks: ['oss-bucket-encrypted'],
  permissions: {
    read: ['oss:GetBucketEncryption'],
    write: ['oss:PutBucketEncryption', 'oss:DeleteBucketEncryption'],
  },

  async read(weakness, ask) {
    const answer = await ask({
      ...bucketCall('oss:GetBucketEncryption', weakness, 'encryption'),
      nothing: ['NoSuchServerSideEncryptionRule'],
    });
    const algorithm = textAt(answer, 'ApplyServerSideEncryptionByDefault.SSEAlgorithm');
    const setting: Setting = algorithm === undefined ? {} : { sse_algorithm: algorithm };
    return { setting, facts: {} };
  },

  plan(weakness, { setting }) {
    if (setting['sse_algorithm'] !== undefined) return undefined;
    const call = bucketCall('oss:PutBucketEncryption', weakness, 'encryption');
    return {
      after: { sse_algorithm: 'AES256' },
      calls: [{ ...call, api: { ...call.api, write: { method: 'PUT', body: AES256 } } }],
      effects: [
        {
          zh: '之后写入的文件由 OSS 自动加密保存，读取方式不变，不另收费。已有的文件保持原样，重新写入后才会加密。',
          en: 'Objects written from now on are kept encrypted by OSS; they are read as before, at no charge. Those that are there stay as they are until they are written again.',
        },
      ],
    };
  },

  // Only a bucket that had none is repaired.
  restore(weakness) {
    const call = bucketCall('oss:DeleteBucketEncryption', weakness, 'encryption');
    return [{ ...call, api: { ...call.api, write: { method: 'DELETE' } } }];
  },
};

const AES256 =
  '<?xml version="1.0" encoding="UTF-8"?><ServerSideEncryptionRule><ApplyServerSideEncryptionByDefault><SSEAlgorithm>AES256</SSEAlgorithm></ApplyServerSideEncryptionByDefault></ServerSideEncryptionRule>';
