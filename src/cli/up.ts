import { accessSync, closeSync, constants, openSync, readSync, statSync } from 'node:fs';
import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { discoverSources, type FoundSource } from '#collect/discover.ts';
import { sniffFormat } from '#collect/framing/index.ts';
import { BartizanError, toBartizanError } from '#kit/errors.ts';
import { terminalLanguage } from '#kit/locale.ts';
import type { RespondMode } from '#model/action.ts';
import { SOURCE_FORMATS, type SourceFormat } from '#model/event.ts';
import { builtConsole, startCentre } from '#server/centre.ts';
import type { SourceConfig } from '#server/collectors.ts';
import { defaultDataFolder } from '#server/data-folder.ts';
import { UP_MESSAGES } from './up-messages.ts';
import { VERSION } from './version.ts';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));

interface UpOptions {
  readonly demo?: boolean;
  readonly data?: string;
  readonly listen: string;
  readonly respond?: RespondMode;
  readonly watch: readonly string[];
  readonly only?: boolean;
  readonly rules: readonly string[];
  readonly state?: string;
  readonly syslogUdp?: string;
  readonly syslogTcp?: string;
  readonly syslogTls?: string;
  readonly tlsCert?: string;
  readonly tlsKey?: string;
  readonly tlsCa?: string;
  readonly nft?: string;
}

/** `bartizan up`: runs until it is told to end (SIGINT, SIGTERM, SIGHUP), then closes everything in order. */
export async function up(options: UpOptions): Promise<void> {
  const say = UP_MESSAGES[terminalLanguage(process.env)];
  const print = (line: string) => process.stdout.write(`${line}\n`);
  const found = options.only ? [] : discoverSources();
  const sources = [
    ...found.filter(({ isReadable }) => isReadable).map(configOf),
    ...options.watch.map(watched),
    ...syslogs(options),
  ];
  const [host, port] = address('--listen', options.listen);
  if (options.data === '') throw new BartizanError('BTZ_USAGE', { problem: '--data takes a folder.' });
  const stateUrl = options.state === undefined ? undefined : postgresUrl(options.state);
  const dataFolder = resolve(options.data ?? defaultDataFolder());
  // From now on: who gives up during the start still gets a clean end, and at the second time an immediate one.
  const ending = ended();
  const replaced = Promise.withResolvers<BartizanError>();
  let lastProblem = '';
  const centre = await startCentre({
    dataFolder,
    host,
    port,
    sources,
    ruleFolders: options.rules,
    respond: options.respond,
    demo: options.demo ?? false,
    stateUrl,
    consoleFolder: builtConsole(ROOT),
    version: VERSION,
    nftCommand: options.nft?.split(/\s+/),
    onProblem(problem) {
      if (problem !== lastProblem) process.stderr.write(`${new Date().toISOString()} ${problem}\n`);
      lastProblem = problem;
    },
    onReplaced: replaced.resolve,
  });

  print(say.running(centre.url, dataFolder));
  for (const source of sources) print(say.watching(nameOf(source)));
  for (const { path, isReadable } of found) if (!isReadable) print(say.notWatching(path));
  if (sources.length + found.length === 0) print(say.nothing);
  if (options.demo) print(say.demo);
  print(centre.setupUrl === undefined ? say.signIn(centre.url) : say.setup(centre.setupUrl));

  const error = await Promise.race([ending, replaced.promise]);
  print(say.stopping);
  await centre.stop();
  // What was left behind (a frozen database, a lost disk) must not keep the process from ending.
  setTimeout(() => process.exit(), LEFT_BEHIND_MS).unref();
  if (error) throw error;
}

const LEFT_BEHIND_MS = 500;

function ended(): Promise<void> {
  return new Promise((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(signal, () => resolve());
  });
}

/** A log that was there before us is watched from its end; the past is for `analyze`. */
function configOf({ kind, path, format }: FoundSource): SourceConfig {
  return kind === 'journald' ? { kind, format: 'journald' } : { kind, path, format, start: 'end' };
}

function nameOf(source: SourceConfig): string {
  if (source.kind === 'file') return `${source.path} (${source.format})`;
  if (source.kind === 'journald') return 'journald';
  return `syslog/${source.transport} ${source.host}:${source.port}`;
}

/** `/var/log/x.log` or `/var/log/x.log:access`; a path may hold colons. */
function watched(text: string): SourceConfig {
  const named = SOURCE_FORMATS.find((format) => text.endsWith(`:${format}`));
  const path = resolve(named === undefined ? text : text.slice(0, -named.length - 1));
  if (text === '' || statSync(path, { throwIfNoEntry: false })?.isDirectory())
    throw new BartizanError('BTZ_USAGE', { problem: `--watch takes a file; “${text}” is none.` });
  return { kind: 'file', path, format: named ?? guessed(path), start: 'beginning' };
}

function guessed(path: string): SourceFormat {
  try {
    const file = openSync(path, 'r');
    try {
      const head = Buffer.alloc(64 * 1024);
      return sniffFormat(head.subarray(0, readSync(file, head)), path);
    } finally {
      closeSync(file);
    }
  } catch {
    return sniffFormat(new Uint8Array(), path);
  }
}

function syslogs({ syslogUdp, syslogTcp, syslogTls, tlsCert, tlsKey, tlsCa }: UpOptions): SourceConfig[] {
  const sources: SourceConfig[] = [];
  for (const [transport, text] of Object.entries({ udp: syslogUdp, tcp: syslogTcp, tls: syslogTls }) as [
    'udp' | 'tcp' | 'tls',
    string | undefined,
  ][]) {
    if (text === undefined) continue;
    if (transport === 'tls' && (tlsCert === undefined || tlsKey === undefined))
      throw new BartizanError('BTZ_USAGE', { problem: '--syslog-tls needs --tls-cert and --tls-key.' });
    for (const file of transport === 'tls' ? [tlsCert, tlsKey, tlsCa] : [])
      if (file !== undefined) refuseUnreadable(file);
    const [host, port] = address(`--syslog-${transport}`, text);
    sources.push({
      kind: 'syslog',
      format: 'syslog',
      transport,
      host,
      port,
      certificateFile: tlsCert,
      keyFile: tlsKey,
      authorityFile: tlsCa,
    });
  }
  return sources;
}

/** `127.0.0.1:8787`, `[::1]:8787`, `localhost:0` */
function address(option: string, text: string): [string, number] {
  const match = /^(?:\[([0-9a-fA-F:.]+)\]|([^:[\]\s]+)):(\d{1,5})$/.exec(text);
  const port = Number(match?.[3]);
  const host = match?.[1] ?? match?.[2];
  if (host === undefined || port > 65_535)
    throw new BartizanError('BTZ_USAGE', {
      problem: `${option} takes HOST:PORT, such as 127.0.0.1:8787; “${text}” is not.`,
    });
  return [host, port];
}

function postgresUrl(text: string): string {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url?.protocol !== 'postgres:' && url?.protocol !== 'postgresql:')
    throw new BartizanError('BTZ_USAGE', { problem: '--state takes postgres://USER:PASSWORD@HOST:PORT/DATABASE.' });
  return text;
}

function refuseUnreadable(path: string): void {
  try {
    accessSync(path, constants.R_OK);
  } catch (thrown) {
    throw toBartizanError(thrown, 'BTZ_INPUT_UNREADABLE', { path });
  }
}
