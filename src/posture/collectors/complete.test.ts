import { describe, expect, test } from 'vitest';
import type { Finding } from '#model/finding.ts';
import { type Condition, createCheckSet } from '../checks/index.ts';
import { needing } from './alicloud/wire-scan.fixture.ts';
import { askedOf } from './asked.ts';
import type { Answer, Collector, Params } from './collector.ts';
import { complete, isStandIn } from './complete.ts';
import { mustText, text, textAt } from './fields.ts';
import { gather } from './gather.ts';

/** Two calls of a provider as small as can be: rooms, and the doors of each. */
const rooms: Collector<string>['services'][number] = {
  id: 'house',
  where: 'account',
  calls: {
    rooms: { permission: 'house:ListRooms', api: 'rooms', items: 'Rooms' },
    doors: {
      permission: 'house:ListDoors',
      api: 'doors',
      of: 'rooms',
      params: ({ item }) => ({ room: textAt(item, 'Id') ?? '' }),
      items: 'Doors',
    },
  },
  kinds: [
    {
      type: 'alicloud_room',
      call: 'rooms',
      id: text('Id'),
      attributes: { floor: mustText('Floor') },
      more: [{ call: 'doors', attributes: { alarm: mustText('Alarm') } }],
      synonyms: ['storey'],
      holds: ['alicloud_room_alarm'],
    },
    {
      type: 'alicloud_door',
      call: 'doors',
      id: text('Id'),
      attributes: { open: mustText('Open') },
      ofParent: { room: text('Id') },
    },
  ],
};

async function verdict(
  condition: Condition,
  answers: (call: string, params: Params) => Answer,
): Promise<Partial<Finding>> {
  const check = { ...needing('alicloud_room', 'house:ListRooms'), condition };
  const collector = { provider: 'alicloud', services: [rooms] } as unknown as Collector<string>;
  const ask = async (call: { readonly api: string }, params: Params) => answers(call.api, params);
  const gathered = await gather(rooms, new Set(['rooms', 'doors']), { account: '1' }, ask);
  const resources = complete(collector, askedOf([check]), gathered.resources, gathered.gaps);
  const findings = [...createCheckSet([check]).run(resources, 0)].filter(({ resource }) => !isStandIn(resource));
  expect(findings).toHaveLength(1);
  return { verdict: findings[0]?.verdict, reason: findings[0]?.reason };
}

const said = (value: unknown): Answer => ({ ok: true, value });
const denied: Answer = { ok: false, failure: { kind: 'denied', code: 'Forbidden', message: '' } };
const house = (doors: Answer) => (call: string) =>
  call === 'rooms' ? said({ Rooms: [{ Id: 'hall', Floor: '1' }] }) : doors;
const closed = said({ Alarm: 'on', Doors: [{ Id: 'front', Open: 'no' }] });

const noOpenDoor: Condition = { none: { type: 'alicloud_door', by: 'room', is: { open: 'yes' } } };

describe('a condition of a live account', () => {
  test('is decided by what was read', async () => {
    expect(await verdict(noOpenDoor, house(closed))).toMatchObject({ verdict: 'pass' });
    expect(await verdict({ floor: '1', alarm: 'on' }, house(closed))).toMatchObject({ verdict: 'pass' });
    expect(await verdict({ floor: '2' }, house(closed))).toMatchObject({ verdict: 'fail' });
  });

  test('about what could not be listed is unknown, whichever way it asks', async () => {
    const reason = 'needs house:ListDoors';
    for (const condition of [
      noOpenDoor,
      { some: { type: 'alicloud_door', by: 'room' } },
      { some: { type: 'alicloud_door' } },
      { each: { type: 'alicloud_door', by: 'room', is: { open: 'no' } } },
      { alarm: 'on' },
    ])
      expect(await verdict(condition, house(denied))).toEqual({ verdict: 'unknown', reason });
    expect(await verdict({ floor: '1' }, () => denied)).toEqual({
      verdict: 'unknown',
      reason: 'needs house:ListRooms',
    });
  });

  test('about what nothing collects is unknown, but not about another name of what is', async () => {
    expect(await verdict({ colour: 'red' }, house(closed))).toMatchObject({ verdict: 'unknown' });
    expect(await verdict({ colour: { exists: false } }, house(closed))).toMatchObject({ verdict: 'unknown' });
    expect(await verdict({ some: { type: 'alicloud_window' } }, house(closed))).toMatchObject({ verdict: 'unknown' });
    expect(await verdict({ any: [{ storey: '2' }, { floor: '2' }] }, house(closed))).toMatchObject({ verdict: 'fail' });
    expect(await verdict({ some: { type: 'alicloud_room_alarm' } }, house(closed))).toMatchObject({ verdict: 'fail' });
  });

  test('about an answer without what it always has is unknown', async () => {
    const half = said({ Doors: [{ Id: 'front' }] });
    expect(await verdict({ alarm: 'on' }, house(half))).toEqual({
      verdict: 'unknown',
      reason: 'house:ListDoors answered without Alarm',
    });
    expect(await verdict(noOpenDoor, house(half))).toMatchObject({ verdict: 'unknown' });
    expect(await verdict(noOpenDoor, house(said({ Alarm: 'on' })))).toMatchObject({ verdict: 'unknown' });
    expect(await verdict(noOpenDoor, house(said({ Alarm: 'on', Doors: [] })))).toMatchObject({ verdict: 'pass' });
  });
});
