import { at } from '#kit/json-path.ts';
import type { RepairKind } from '../kind.ts';
import { callsOf } from './call.ts';

const PARTS = ['BlockPublicAcls', 'IgnorePublicAcls', 'BlockPublicPolicy', 'RestrictPublicBuckets'] as const;
const s3 = callsOf('s3');

/** Blocks public access to a bucket: https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutPublicAccessBlock.html */
export const bucketBlock: RepairKind = {
  id: 'aws-bucket-block',
  provider: 'aws',
  checks: ['aws-s3-bucket-public-access-block', 'aws-s3-bucket-not-public-read', 'aws-s3-bucket-not-public-write'],
  permissions: { read: ['s3:GetBucketPublicAccessBlock'], write: ['s3:PutBucketPublicAccessBlock'] },

  async read(weakness, ask) {
    const answer = await ask(
      s3(
        'GetPublicAccessBlock',
        weakness,
        { Bucket: weakness.resource.id },
        {
          permission: 's3:GetBucketPublicAccessBlock',
          nothing: ['NoSuchPublicAccessBlockConfiguration'],
        },
      ),
    );
    const block = at(answer, 'PublicAccessBlockConfiguration');
    if (block === undefined) return { setting: {}, facts: {} };
    return { setting: Object.fromEntries(PARTS.map((name) => [name, at(block, name) === true])), facts: {} };
  },

  plan(weakness, { setting }) {
    if (PARTS.every((name) => setting[name] === true)) return undefined;
    const after = Object.fromEntries(PARTS.map((name) => [name, true]));
    const input = { Bucket: weakness.resource.id, PublicAccessBlockConfiguration: after };
    return {
      after,
      calls: [s3('PutPublicAccessBlock', weakness, input, { permission: 's3:PutBucketPublicAccessBlock' })],
      effects: [
        {
          zh: '公开的 ACL 和存储桶策略立刻失效：不带签名读写的网页、应用和公开链接会得到 403。带签名的网址和有自己权限的身份不受影响。',
          en: 'Public ACLs and policies stop counting at once: web pages, apps and links that read or write without a signature get a 403. Signed URLs, and identities with rights of their own, go on.',
        },
      ],
    };
  },

  restore(weakness, before) {
    const more = { permission: 's3:PutBucketPublicAccessBlock' };
    const bucket = { Bucket: weakness.resource.id };
    if (Object.keys(before).length === 0) return [s3('DeletePublicAccessBlock', weakness, bucket, more)];
    return [s3('PutPublicAccessBlock', weakness, { ...bucket, PublicAccessBlockConfiguration: before }, more)];
  },
};
