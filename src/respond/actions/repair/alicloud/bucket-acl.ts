import { BartizanError, toBartizanError } from '#kit/errors.ts';
import { textAt } from '#kit/json-path.ts';
import type { Bilingual } from '#model/alert.ts';
import type { Ask, CloudCall, RepairKind, Weakness } from '../kind.ts';
import { bucketCall } from './bucket.ts';

/** Makes a bucket private: https://help.aliyun.com/zh/oss/developer-reference/putbucketacl */
export const bucketAcl: RepairKind = {
  id: 'bucket-acl',
  provider: 'alicloud',
  checks: ['oss-bucket-not-public', 'oss-bucket-not-public-write'],
  permissions: { read: ['oss:GetBucketAcl', 'oss:GetBucketWebsite'], write: ['oss:PutBucketAcl'] },

  async read(weakness, ask) {
    const acl = textAt(await ask(bucketCall('oss:GetBucketAcl', weakness, 'acl')), 'AccessControlList.Grant');
    if (acl === undefined) throw new BartizanError('BTZ_REPAIR_NOT_READ', UNNAMED);
    return { setting: { acl }, facts: { website: await websiteOf(weakness, ask) } };
  },

  plan(weakness, { setting, facts }) {
    if (setting['acl'] === 'private') return undefined;
    return {
      after: { acl: 'private' },
      calls: [putAcl(weakness, 'private')],
      effects: [
        {
          zh: '凡是不带签名直接读取此存储空间文件的（网页、小程序、公开链接、未开启回源鉴权的 CDN），都会得到 403。带签名的网址和对单个文件另设的公共读不受影响。',
          en: 'Whoever reads from the bucket without a signature gets a 403 from now on: web pages, mini-programs, public links, a CDN without origin authentication. Signed URLs, and objects with a public ACL of their own, go on.',
        },
        ...effectOnWebsite(facts['website']),
        ...(setting['acl'] === 'public-read-write'
          ? [{ zh: '匿名上传也会停止。', en: 'Anonymous uploads stop too.' }]
          : []),
      ],
    };
  },

  restore: (weakness, { acl }) => [putAcl(weakness, String(acl))],
};

/** Whether it serves one matters to people only: that it cannot be told stops nothing. */
async function websiteOf(weakness: Weakness, ask: Ask): Promise<'yes' | 'no' | 'unknown'> {
  const call = bucketCall('oss:GetBucketWebsite', weakness, 'website');
  try {
    const website = await ask({ ...call, nothing: ['NoSuchWebsiteConfiguration'] });
    return textAt(website, 'IndexDocument.Suffix') === undefined ? 'no' : 'yes';
  } catch (thrown) {
    if (toBartizanError(thrown).code === 'BTZ_REPAIR_NOT_READ') return 'unknown';
    throw thrown;
  }
}

function effectOnWebsite(website: unknown): readonly Bilingual[] {
  if (website === 'no') return [];
  if (website === 'unknown')
    return [
      {
        zh: '读不到它是否用作静态网站（需要 oss:GetBucketWebsite）；如果是，网站会停止工作。',
        en: 'Whether it serves a static website could not be read (needs oss:GetBucketWebsite); if it does, the site stops.',
      },
    ];
  return [
    {
      zh: '此存储空间正在作为静态网站使用：网站会停止工作，除非在前面加上带回源鉴权的 CDN。',
      en: 'The bucket serves a static website: the site stops unless a CDN with origin authentication stands in front of it.',
    },
  ];
}

const UNNAMED = { permission: 'oss:GetBucketAcl', problem: 'the answer names no ACL' };

function putAcl(weakness: Weakness, acl: string): CloudCall {
  const call = bucketCall('oss:PutBucketAcl', weakness, 'acl');
  return { ...call, api: { ...call.api, write: { method: 'PUT', headers: { 'x-oss-acl': acl } } } };
}
