import { at, listAt } from '#kit/json-path.ts';
import type { RepairKind, Weakness } from '../kind.ts';
import { callsOf, unreadable } from './call.ts';

const rds = callsOf('rds');

/** Takes the public address of a database away: https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_ModifyDBInstance.html */
export const databasePublic: RepairKind = {
  id: 'aws-database-public',
  provider: 'aws',
  checks: ['aws-rds-not-public'],
  permissions: { read: ['rds:DescribeDBInstances'], write: ['rds:ModifyDBInstance'] },

  async read(weakness, ask) {
    const input = { DBInstanceIdentifier: weakness.resource.id };
    const [instance] = listAt(await ask(rds('DescribeDBInstances', weakness, input)), 'DBInstances');
    const isPublic = at(instance, 'PubliclyAccessible');
    if (typeof isPublic !== 'boolean') throw unreadable('rds:DescribeDBInstances', 'whether it is public is not said');
    return { setting: { publicly_accessible: isPublic }, facts: {} };
  },

  plan(weakness, { setting }) {
    if (setting['publicly_accessible'] === false) return undefined;
    return {
      after: { publicly_accessible: false },
      calls: [setPublic(weakness, false)],
      effects: [
        {
          zh: '数据库的域名改为解析到内网地址：VPC 之外直接连接数据库的程序和人会连不上。一般不需要重启。',
          en: 'The name of the database leads to its private address from now on: programs and people outside the VPC can no longer connect. It is mostly done without a restart.',
        },
      ],
    };
  },

  restore: (weakness, before) => [setPublic(weakness, before['publicly_accessible'] === true)],
};

function setPublic(weakness: Weakness, isPublic: boolean) {
  return rds('ModifyDBInstance', weakness, {
    DBInstanceIdentifier: weakness.resource.id,
    PubliclyAccessible: isPublic,
    ApplyImmediately: true,
  });
}
