import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { Firewall, LiveBlock } from '../../firewall.ts';
import { parseTarget } from '../../target.ts';
import { ADDRESSES, createTestNetwork, type TestNetwork, whyNoNamespaces } from '../../testing/namespaces.ts';
import { countConnections } from './connections.ts';
import { createNftFirewall } from './index.ts';

const reason = whyNoNamespaces();
const PORT = 2222;
const block = (text: string, remainingMs = 3_600_000): LiveBlock => ({ target: parseTarget(text), remainingMs });

describe.skipIf(reason !== undefined)(`blocking in the kernel${reason ? ` (skipped: ${reason})` : ''}`, () => {
  let network: TestNetwork;
  let firewall: Firewall;
  let procNet: string;

  beforeAll(async () => {
    network = createTestNetwork();
    const anyone = network.start(network.server, ['sleep', '600']);
    await network.serve(PORT);
    procNet = `/proc/${anyone.pid}/net`;
    firewall = createNftFirewall({ command: ['ip', 'netns', 'exec', network.server, 'nft'], procNet });
  });
  beforeEach(async () => {
    await firewall.uninstall();
  });
  afterAll(async () => {
    firewall?.close();
    await network?.remove();
  });

  /** Waits long for a connection that ought to come, and only briefly to see that none does. */
  const reaches = async (who: 'attacker' | 'admin', version: 4 | 6, patienceMs = 3_000): Promise<boolean> => {
    const host =
      who === 'attacker'
        ? ADDRESSES[version === 4 ? 'server4' : 'server6']
        : ADDRESSES[version === 4 ? 'serverForAdmin4' : 'serverForAdmin6'];
    return (await network.talk(network[who], host, PORT).event(patienceMs)) === 'connected';
  };
  const isCutOff = async (who: 'attacker' | 'admin', version: 4 | 6): Promise<boolean> =>
    !(await reaches(who, version, 400));

  test.each([4, 6] as const)(
    'drops what the attacker sends over IPv%s and cuts what was open, the administrator stays',
    async (version) => {
      const server = ADDRESSES[version === 4 ? 'server4' : 'server6'];
      const serverForAdmin = ADDRESSES[version === 4 ? 'serverForAdmin4' : 'serverForAdmin6'];
      const attacker = network.talk(network.attacker, server, PORT);
      const admin = network.talk(network.admin, serverForAdmin, PORT);
      expect([await attacker.event(), await admin.event()]).toEqual(['connected', 'connected']);
      expect([await attacker.echo('before'), await admin.echo('before')]).toEqual([true, true]);

      const target = version === 4 ? ADDRESSES.attacker4 : ADDRESSES.attacker6;
      expect(await firewall.apply(block(target))).toBeGreaterThan(3_590_000);

      expect(await attacker.echo('after', 400)).toBe(false);
      expect(await admin.echo('after')).toBe(true);
      expect([await isCutOff('attacker', version), await reaches('admin', version)]).toEqual([true, true]);
      expect(await firewall.counters()).toContainEqual(
        expect.objectContaining({ set: `blocked${version}`, packets: expect.toSatisfy((count: number) => count > 1) }),
      );

      expect(await firewall.undo(parseTarget(target))).toBe(true);
      expect(await reaches('attacker', version)).toBe(true);
      expect(await firewall.undo(parseTarget(target))).toBe(false);
    },
  );

  test('the sockets of a blocked address are closed, nobody else’s', async () => {
    const attacker = network.talk(network.attacker, ADDRESSES.server4, PORT);
    const admin = network.talk(network.admin, ADDRESSES.serverForAdmin4, PORT);
    expect([await attacker.event(), await admin.event()]).toEqual(['connected', 'connected']);
    const target = parseTarget(ADDRESSES.attacker4);
    expect((await firewall.plan({ target, remainingMs: 1_000 })).connections).toBeGreaterThan(0);
    await firewall.apply(block(ADDRESSES.attacker4));
    await expect.poll(() => countConnections(procNet, target), { timeout: 5_000 }).toBe(0);
    expect(await countConnections(procNet, parseTarget(ADDRESSES.admin4))).toBeGreaterThan(0);
    expect(await admin.echo('still here')).toBe(true);
  });

  test('a program of this machine that still sends to a blocked address is told at once', async () => {
    await firewall.apply(block(ADDRESSES.attacker4));
    const began = performance.now();
    expect(await network.talk(network.server, ADDRESSES.attacker4, 80).event()).toBe('error ECONNREFUSED');
    expect(performance.now() - began).toBeLessThan(2_000);
  });

  test('a range and an address inside it live and die apart', async () => {
    await firewall.apply(block('203.0.113.0/24'));
    await firewall.apply(block(ADDRESSES.attacker4));
    await firewall.apply(block('203.0.0.0/16'));
    await firewall.undo(parseTarget(ADDRESSES.attacker4));
    expect(await isCutOff('attacker', 4)).toBe(true);
    await firewall.apply(block(ADDRESSES.attacker4));
    await firewall.undo(parseTarget('203.0.113.0/24'));
    await firewall.undo(parseTarget('203.0.0.0/16'));
    expect(await isCutOff('attacker', 4)).toBe(true);
    await firewall.undo(parseTarget(ADDRESSES.attacker4));
    expect(await reaches('attacker', 4)).toBe(true);
  });

  test('an IPv6 range is dropped as a whole, its neighbour is not', async () => {
    await firewall.apply(block('2001:db8:bae::/48'));
    expect(await reaches('attacker', 6)).toBe(true);
    await firewall.apply(block('2001:db8:bad::/48'));
    expect(await isCutOff('attacker', 6)).toBe(true);
    expect(await firewall.verify(parseTarget('2001:db8:bad::/48'))).toBeGreaterThan(0);
    expect(await firewall.verify(parseTarget('2001:db8:bad::/49'))).toBeUndefined();
  });

  test('the kernel lets go by itself when the time is over', async () => {
    expect(await firewall.apply(block(ADDRESSES.attacker4, 600))).toBeLessThanOrEqual(600);
    expect(await isCutOff('attacker', 4)).toBe(true);
    await expect.poll(() => firewall.verify(parseTarget(ADDRESSES.attacker4)), { timeout: 3_000 }).toBeUndefined();
    expect(await reaches('attacker', 4)).toBe(true);
  });

  test('a second block of the same target gives it the new time, longer or shorter', async () => {
    await firewall.apply(block(ADDRESSES.attacker4, 60_000));
    expect(await firewall.apply(block(ADDRESSES.attacker4, 600_000))).toBeGreaterThan(500_000);
    expect(await firewall.apply(block(ADDRESSES.attacker4, 30_000))).toBeLessThanOrEqual(30_000);
    expect(await firewall.compare([block(ADDRESSES.attacker4, 30_000)])).toBeUndefined();
  });

  test.each([
    ['a flushed ruleset', ['flush', 'ruleset'], true],
    ['a deleted table', ['delete', 'table', 'inet', 'bartizan'], true],
    ['a flushed set', ['flush', 'set', 'inet', 'bartizan', 'blocked4'], false],
    ['flushed rules', ['flush', 'chain', 'inet', 'bartizan', 'incoming'], true],
    ['a rule put before ours', ['insert', 'rule', 'inet', 'bartizan', 'incoming', 'accept'], true],
  ])('%s is noticed and restored with the time that is left', async (_, command, structure) => {
    await firewall.apply(block(ADDRESSES.attacker4));
    await firewall.apply(block('2001:db8:bad::/48'));
    const live = [block(ADDRESSES.attacker4, 1_000_000), block('2001:db8:bad::/48', 2_000_000)];
    network.nft(...command);
    const repair = await firewall.compare(live);
    expect(repair?.structure).toBe(structure);
    if (repair) await firewall.repair(repair, live);

    expect([await isCutOff('attacker', 4), await isCutOff('attacker', 6)]).toEqual([true, true]);
    expect(await firewall.verify(parseTarget(ADDRESSES.attacker4))).toBeLessThanOrEqual(1_000_000);
    expect(await firewall.compare(live)).toBeUndefined();
  });

  test('a table of that name that is not ours is made ours', async () => {
    network.nft('add', 'table', 'inet', 'bartizan');
    network.nft('add', 'set', 'inet', 'bartizan', 'blocked4', '{ type inet_service; }');
    const live = [block(ADDRESSES.attacker4)];
    const repair = await firewall.compare(live);
    if (repair) await firewall.repair(repair, live);
    expect(await isCutOff('attacker', 4)).toBe(true);
    expect(await firewall.compare(live)).toBeUndefined();
  });

  test('what is in the kernel and not live is taken out', async () => {
    await firewall.apply(block(ADDRESSES.attacker4));
    const repair = await firewall.compare([]);
    expect(repair?.surplus).toEqual([ADDRESSES.attacker4]);
    if (repair) await firewall.repair(repair, []);
    expect(await reaches('attacker', 4)).toBe(true);
  });

  test('a plan shows the commands and the blast radius, and changes nothing', async () => {
    const before = network.nft('list', 'ruleset');
    const plan = await firewall.plan(block('203.0.113.0/24'));
    expect(plan.addresses).toBe('256');
    expect(plan.commands).toContain('add table inet bartizan');
    expect(plan.commands.at(-1)).toBe('add element inet bartizan blocked4_24 { 203.0.113.0 timeout 3600000ms }');
    expect(network.nft('list', 'ruleset')).toBe(before);
  });

  test('nothing of ours is left after an uninstall, and the tables of others are as they were', async () => {
    network.nft('add', 'table', 'ip', 'nat');
    network.nft('add', 'chain', 'ip', 'nat', 'DOCKER');
    network.nft('add', 'table', 'inet', 'firewalld');
    const others = network.nft('list', 'ruleset');
    await firewall.apply(block(ADDRESSES.attacker4));
    await firewall.repair({ structure: true, missing: [], surplus: [], retimed: [], commands: ['nonsense'] }, []);
    expect(await firewall.uninstall()).toBe(true);
    expect(network.nft('list', 'ruleset')).toBe(others);
    expect(await firewall.uninstall()).toBe(false);
    network.nft('flush', 'ruleset');
  });

  test('ten thousand blocks are restored in one go and slow down neither a new one nor its undoing', async () => {
    const live = Array.from({ length: 10_000 }, (_, index) => block(`11.0.${index >> 8}.${index & 255}`));
    const repair = await firewall.compare(live);
    expect(repair?.missing).toHaveLength(10_000);
    if (repair) await firewall.repair(repair, live);
    expect(await firewall.compare(live)).toBeUndefined();
    await firewall.apply(block(ADDRESSES.attacker4));
    expect(await isCutOff('attacker', 4)).toBe(true);
    expect((await firewall.compare(live))?.surplus).toEqual([ADDRESSES.attacker4]);
  });
});

describe('a machine without a usable nft', () => {
  test('says so, with a code', async () => {
    const firewall = createNftFirewall({ command: ['/nonexistent/nft'] });
    await expect(firewall.apply(block('203.0.113.9'))).rejects.toMatchObject({ code: 'BTZ_FIREWALL_UNAVAILABLE' });
    await expect(firewall.compare([])).rejects.toMatchObject({ code: 'BTZ_FIREWALL_UNAVAILABLE' });
  });

  test('gives up on one that hangs', async () => {
    const firewall = createNftFirewall({ command: ['/bin/sh', '-c', 'exec sleep 60'], timeoutMs: 100 });
    await expect(firewall.apply(block('203.0.113.9'))).rejects.toMatchObject({ code: 'BTZ_FIREWALL_UNAVAILABLE' });
    firewall.close();
  });

  test.skipIf(reason !== undefined)('says when it has no permission', async () => {
    const firewall = createNftFirewall({ command: ['setpriv', '--reuid=65534', '--clear-groups', 'nft'] });
    await expect(firewall.apply(block('203.0.113.9'))).rejects.toMatchObject({
      code: 'BTZ_FIREWALL_UNAVAILABLE',
      details: { problem: 'nft has no permission' },
    });
    firewall.close();
  });
});
