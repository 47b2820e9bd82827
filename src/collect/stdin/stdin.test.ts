import { execFileSync } from 'node:child_process';
import { PassThrough } from 'node:stream';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { type JournalIntake, openJournalIntake } from '../journal-intake.fixture.ts';
import { startStdin } from './index.ts';

let intake: JournalIntake;
beforeEach(() => {
  intake = openJournalIntake();
});
afterEach(() => intake.close());

it('reads a pipe to its end, the unfinished last line too', async () => {
  const module = (name: string) => JSON.stringify(new URL(name, import.meta.url).href);
  const script = `const { startStdin } = await import(${module('./index.ts')});
    let records = 0;
    const stdin = startStdin({ input: process.stdin, format: 'syslog' }, { cursor: () => undefined, deliver: async ({ ends }) => { records += ends.length; } });
    await stdin.finished;
    console.log(records, stdin.status().state);`;
  const input = `${'Nov 20 03:11:01 web-1 sshd[411]: hello\n'.repeat(50_000)}last`;
  const output = execFileSync(process.execPath, ['--input-type=module', '-e', script], {
    input,
    cwd: fileURLToPath(new URL('../../..', import.meta.url)),
  });
  expect(output.toString().trim()).toBe('50001 stopped');
});

it('keeps what it has when it is told to stop before the end', async () => {
  const input = new PassThrough();
  const stdin = startStdin({ input, format: 'syslog' }, intake);
  input.write('one\ntwo\nhalf');
  await expect.poll(() => intake.records()).toEqual(['one', 'two']);
  await stdin.stop();
  expect(intake.records()).toEqual(['one', 'two', 'half']);
  expect(stdin.status().state).toBe('stopped');
  expect(intake.counters()).toMatchObject({ stream: 'stdin', received: 3, stored: 3, dropped: {} });
});
