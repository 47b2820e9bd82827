import { execFileSync, spawn } from 'node:child_process';
import { existsSync, mkdirSync } from 'node:fs';
import { openJournal } from '#journal/sqlite/index.ts';
import { batchesOf, intakeOf, recordsOf } from '../journal-intake.fixture.ts';
import { startJournald } from './index.ts';

/**
 * Runs inside a mount namespace of its own, with /run and /var/log/journal empty: starts a real systemd-journald, logs
 * to it, follows it through two lives of the collector, and prints the messages and states as JSON.
 */
const [journalPath = ''] = process.argv.slice(2);
mkdirSync('/run/systemd/journal', { recursive: true });
const daemon = spawn('/lib/systemd/systemd-journald', { stdio: 'ignore' });
await until(() => existsSync('/run/systemd/journal/socket'));

const journal = openJournal(journalPath);
log('before the first start');
const first = startJournald({ start: 'beginning' }, intakeOf(journal));
await until(() => messages().length === 1);
log('登录 failed for "root" \\ "__CURSOR":"fake"');
log('x'.repeat(20_000));
await until(() => messages().length === 3);
const whileWatching = first.status();
await first.stop();
log('while nobody looked');
const second = startJournald({ start: 'end' }, intakeOf(journal));
await until(() => messages().length === 4);
log('after the restart');
await until(() => messages().length === 5);
await second.stop();

process.stdout.write(JSON.stringify({ messages: messages(), whileWatching, stopped: second.status().state }));
journal.close();
daemon.kill('SIGKILL');

function log(message: string): void {
  execFileSync('logger', ['--journald'], { input: `MESSAGE=${message}\nSYSLOG_IDENTIFIER=test\n` });
}

function messages(): string[] {
  const entries = batchesOf(journal)
    .flatMap(recordsOf)
    .map((record) => JSON.parse(record));
  return entries.filter((entry) => entry.SYSLOG_IDENTIFIER === 'test').map((entry) => entry.MESSAGE);
}

async function until(isSo: () => boolean): Promise<void> {
  for (const endMs = performance.now() + 15_000; !isSo(); await new Promise((resolve) => setTimeout(resolve, 10))) {
    if (performance.now() > endMs) throw new Error(`waited in vain; seen: ${JSON.stringify(messages())}`);
  }
}
