import { BartizanError } from '#kit/errors.ts';
import { textAt } from '#kit/json-path.ts';
import type { CloudCall, RepairKind, Weakness } from '../kind.ts';
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
    const website = await ask({
      ...bucketCall('oss:GetBucketWebsite', weakness, 'website'),
      nothing: ['NoSuchWebsiteConfiguration'],
    });
    return { setting: { acl }, facts: { isWebsite: textAt(website, 'IndexDocument.Suffix') !== undefined } };
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
        ...(facts['isWebsite']
          ? [
              {
                zh: '此存储空间正在作为静态网站使用：网站会停止工作，除非在前面加上带回源鉴权的 CDN。',
                en: 'The bucket serves a static website: the site stops unless a CDN with origin authentication stands in front of it.',
              },
            ]
          : []),
        ...(setting['acl'] === 'public-read-write'
          ? [{ zh: '匿名上传也会停止。', en: 'Anonymous uploads stop too.' }]
          : []),
      ],
    };
  },

  restore: (weakness, { acl }) => [putAcl(weakness, String(acl))],
};

const UNNAMED = { permission: 'oss:GetBucketAcl', problem: 'the answer names no ACL' };

function putAcl(weakness: Weakness, acl: string): CloudCall {
  const call = bucketCall('oss:PutBucketAcl', weakness, 'acl');
  return { ...call, api: { ...call.api, write: { method: 'PUT', headers: { 'x-oss-acl': acl } } } };
}
