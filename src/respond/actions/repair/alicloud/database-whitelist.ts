import { BartizanError } from '#kit/errors.ts';
import { listAt, textAt } from '#kit/json-path.ts';
import type { Setting } from '#model/action.ts';
import type { CloudCall, RepairKind, Weakness } from '../kind.ts';

/** All addresses, in the notations that the provider takes. */
const WHOLE_WORLD = /^(0\.0\.0\.0(\/0)?|::\/0)$/;
/** In the enhanced whitelist mode lists of the same name stand apart for each network; names have no `@`. */
const ANY_NETWORK = 'MIX';
const OF_NETWORK = '@';
/** A list may not be empty; this one lets nobody in. */
const NOBODY = '127.0.0.1';

/** Closes a database to the whole internet: https://help.aliyun.com/zh/rds/developer-reference/api-rds-2014-08-15-modifysecurityips */
export const databaseWhitelist: RepairKind = {
  id: 'database-whitelist',
  provider: 'alicloud',
  checks: ['rds-whitelist-not-open', 'rds-public-and-open'],
  permissions: { read: ['rds:DescribeDBInstanceIPArrayList'], write: ['rds:ModifySecurityIps'] },

  async read(weakness, ask, kept) {
    const answer = await ask(rdsCall('DescribeDBInstanceIPArrayList', weakness, {}));
    const lists = listAt(answer, 'Items.DBInstanceIPArray')
      // Lists of the provider’s own services.
      .filter((list) => textAt(list, 'DBInstanceIPArrayAttribute') !== 'hidden')
      .map((list) => {
        const name = textAt(list, 'DBInstanceIPArrayName');
        if (name === undefined)
          throw new BartizanError('BTZ_REPAIR_NOT_READ', {
            permission: 'rds:DescribeDBInstanceIPArrayList',
            problem: 'a list has no name',
          });
        const network = textAt(list, 'WhitelistNetworkType') ?? ANY_NETWORK;
        const key = network === ANY_NETWORK ? name : `${name}${OF_NETWORK}${network}`;
        return [key, addresses(textAt(list, 'SecurityIPList') ?? '').join(',')] as const;
      })
      // One that was made since is none of this repair's business.
      .filter(([key]) => kept === undefined || Object.hasOwn(kept, key));
    return { setting: Object.fromEntries(lists), facts: {} };
  },

  plan(weakness, { setting }) {
    const open = Object.entries(setting).filter(([, list]) => addresses(list).some(isWholeWorld));
    if (open.length === 0) return undefined;
    const closed = open.map(([name, list]) => {
      const rest = addresses(list).filter((address) => !isWholeWorld(address));
      return [name, rest.length === 0 ? NOBODY : rest.join(',')] as const;
    });
    return {
      after: { ...setting, ...Object.fromEntries(closed) },
      calls: closed.map(([name, list]) => cover(weakness, name, list)),
      effects: [
        {
          zh: '不在白名单其余地址里的程序和人都连不上数据库：请先把应用服务器和自己的地址加进白名单。已经建立的连接一般不会立刻断开。',
          en: 'Programs and people whose addresses are not on the rest of the list can no longer connect: put your application servers, and yourself, on it first. Connections that are open mostly stay until they end.',
        },
        ...(closed.some(([, list]) => list === NOBODY)
          ? [
              {
                zh: '有的白名单里没有别的地址，会改成 127.0.0.1，也就是不放行任何地址。',
                en: 'A list that had no other address becomes 127.0.0.1, which lets nobody in.',
              },
            ]
          : []),
      ],
    };
  },

  restore: (weakness, before, { setting }) =>
    Object.entries(before)
      .filter(([name, list]) => setting[name] !== list)
      .map(([name, list]) => cover(weakness, name, list)),
};

function addresses(list: Setting[string]): readonly string[] {
  return String(list)
    .split(',')
    .map((address) => address.trim())
    .filter(Boolean);
}

function isWholeWorld(address: string): boolean {
  return WHOLE_WORLD.test(address);
}

function cover(weakness: Weakness, key: string, list: Setting[string]): CloudCall {
  const [name = '', network] = key.split(OF_NETWORK);
  return rdsCall('ModifySecurityIps', weakness, {
    DBInstanceIPArrayName: name,
    ...(network === undefined ? {} : { WhitelistNetworkType: network }),
    SecurityIps: list,
    ModifyMode: 'Cover',
  });
}

function rdsCall(action: string, { resource }: Weakness, params: CloudCall['params']): CloudCall {
  return {
    permission: `rds:${action}`,
    api: { product: 'rds', version: '2014-08-15', action },
    params: { DBInstanceId: resource.id, ...params },
    region: resource.region,
  };
}
