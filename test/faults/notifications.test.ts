import { spawn } from 'node:child_process';
import { appendFileSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { dingtalkRules, said, wecomRules } from '../../src/respond/notify/testing/groups.ts';
import { type PretendProvider, startProvider } from '../../src/respond/notify/testing/provider.ts';
import { COMMAND, type RunningCentre, runCentre, until } from '../centre.ts';

const SECRET = 'SEC11112222333344445555';
const clocks = { clock: Date.now, now: () => performance.now() };

describe('the owner is told', () => {
  let folder: string;
  let log: string;
  let centre: RunningCentre;
  let dingtalk: PretendProvider;
  let wecom: PretendProvider;
  const start = () => runCentre({ folder, argv: ['--only', '--watch', `${log}:syslog`] });
  const add = (name: string, kind: string, input: string) =>
    run(['add', name, '--kind', kind, '--allow-private', '--level', 'medium', '--lang', 'zh'], input);

  /** Not waited for in one piece: the providers live in this process. */
  async function run(argv: readonly string[], input = '') {
    const [program = '', ...rest] = COMMAND;
    const child = spawn(program, [...rest, 'notify', ...argv, '--data', folder]);
    child.stdin.end(input);
    const [stdout, stderr] = await Promise.all([text(child.stdout), text(child.stderr)]);
    return { stdout, stderr };
  }

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'btz-told-'));
    log = join(folder, 'auth.log');
    writeFileSync(log, '');
    dingtalk = await startProvider(dingtalkRules({ secret: SECRET, ...clocks }));
    wecom = await startProvider(wecomRules(clocks));
    centre = await start();
  }, 60_000);
  afterAll(async () => {
    await centre.stop();
    await dingtalk.stop();
    await wecom.stop();
    rmSync(folder, { recursive: true, force: true });
  }, 30_000);

  it('of a test message, through channels made at the command line whose secrets nobody sees again', async () => {
    const made = await add('ops', 'dingtalk', `${dingtalk.origin}/robot/send?access_token=token\n${SECRET}\n`);
    expect(made.stderr).toBe('');
    expect(await add('boss', 'wecom', `${wecom.origin}/cgi-bin/webhook/send?key=key\n`)).toMatchObject({ stderr: '' });
    const tested = await run(['test', 'ops']);
    expect(tested.stderr).toBe('');
    expect(tested.stdout).toContain('took the test message');
    expect(dingtalk.shown.map(said)).toEqual([expect.stringContaining('测试消息')]);
    const listed = await run(['list']);
    const answered = JSON.stringify(await centre.ask('/notifications/channels'));
    for (const shown of [made.stdout, listed.stdout, answered]) expect(shown).not.toMatch(/token|SEC1|key=/);
    expect((await run(['test', 'nobody'])).stderr).toContain('BTZ_NOT_FOUND');
  }, 60_000);

  it('of a real attack on both channels, once, though the centre is killed in between', async () => {
    const lines = (address: string, first: number) =>
      Array.from({ length: 12 }, (_, index) => {
        const stamp = new Date(Date.now() - (12 - index) * 200).toISOString();
        return `${stamp} web-1 sshd[${first + index}]: Failed password for root from ${address} port ${40_000 + index} ssh2\n`;
      }).join('');
    const about = (group: PretendProvider, address: string) =>
      group.shown.map(said).filter((words) => words.includes(address));

    appendFileSync(log, lines('203.0.113.77', 100));
    await until(
      () => about(dingtalk, '203.0.113.77').length > 0 && about(wecom, '203.0.113.77').length > 0,
      'told',
      30_000,
    );
    wecom.mood = 500;
    appendFileSync(log, lines('203.0.113.78', 200));
    await until(() => about(dingtalk, '203.0.113.78').length > 0, 'the second is told on one', 30_000);
    await until(() => wecom.asked.length > wecom.shown.length, 'the other is tried', 30_000);
    await centre.kill();
    wecom.mood = 'well';
    centre = await start();
    await until(() => about(wecom, '203.0.113.78').length > 0, 'and told after the restart', 30_000);
    for (const group of [dingtalk, wecom])
      for (const address of ['203.0.113.77', '203.0.113.78']) expect(about(group, address)).toHaveLength(1);
    expect(about(dingtalk, '203.0.113.77')[0]).toMatch(/来源地址: 203\.0\.113\.77[\s\S]*先做什么[\s\S]*\/alerts\/\S+$/);
  }, 120_000);
});
