import { type ChildProcess, execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { closeSync, cpSync, mkdirSync, openSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { stringify } from 'yaml';
import { freePort, until } from '../../test/centre.ts';

export interface CrowdsecSetup {
  readonly folder: string;
  /** The log that it follows; without one only `-dsn` reads anything. */
  readonly log?: string;
  /** Only the parsers and scenarios that sshd lines need; else what Debian's package enables. */
  readonly tuned: boolean;
}

export interface Crowdsec {
  /** The program with its configuration; `-dsn` and the like may follow. */
  readonly command: readonly string[];
  readonly url: string;
  /** For a bouncer that asks for decisions. */
  readonly key: string;
}

/** What the collection `crowdsecurity/linux` has. */
const FOR_SSHD = /(^|\/)(syslog-logs|sshd-logs|dateparse-enrich|whitelists|ssh-bf|ssh-slow-bf)\.yaml$/;

/**
 * Debian's crowdsec with the hub content of the package, in a folder of its own, with its local API on a free port and
 * without the central one: nothing leaves the machine.
 */
export async function prepareCrowdsec({ folder, log, tuned }: CrowdsecSetup): Promise<Crowdsec> {
  const etc = join(folder, 'etc');
  const data = join(folder, 'data');
  const config = join(etc, 'config.yaml');
  const credentials = join(etc, 'local_api_credentials.yaml');
  mkdirSync(etc, { recursive: true });
  for (const part of ['patterns', 'parsers', 'scenarios', 'profiles.yaml', 'simulation.yaml']) {
    cpSync(join('/etc/crowdsec', part), join(etc, part), {
      recursive: true,
      dereference: false,
      verbatimSymlinks: true,
      filter: (source) => !tuned || !/\/(parsers|scenarios)\/.*\.yaml$/.test(source) || FOR_SSHD.test(source),
    });
  }
  // The lists that its scenarios read.
  cpSync('/usr/share/crowdsec/data', data, { recursive: true });
  const url = `http://127.0.0.1:${await freePort()}/`;
  writeFileSync(config, stringify(configuration(folder, url)));
  writeFileSync(
    join(etc, 'acquis.yaml'),
    log === undefined ? '' : stringify({ filenames: [log], labels: { type: 'syslog' } }),
  );
  writeFileSync(credentials, '');
  const key = createHash('sha256').update(folder).digest('hex').slice(0, 32);
  const cscli = (...argv: string[]) => execFileSync('cscli', ['-c', config, '--error', ...argv], { stdio: 'pipe' });
  cscli('machines', 'add', 'bench', '--password', key, '--force', '-f', credentials, '-u', url);
  cscli('-o', 'raw', 'bouncers', 'add', 'bench', '-k', key);
  return { command: ['crowdsec', '-c', config, '-no-capi'], url, key };
}

export interface FirewallSetup {
  readonly folder: string;
  readonly log: string;
  readonly tuned: boolean;
  /** How often the bouncer asks for decisions, a Go duration: `10s` as Debian ships it. */
  readonly askEvery: string;
  readonly start: (argv: readonly string[]) => ChildProcess;
  /** What goes before a command that is to run where they run. */
  readonly prefix: readonly string[];
}

/** crowdsec that follows a log, and its bouncer with nftables. Answers when both are at work. */
export async function startCrowdsec(setup: FirewallSetup): Promise<{ stop(): Promise<void> }> {
  const { folder, log, tuned, askEvery, start, prefix } = setup;
  const { command, url, key } = await prepareCrowdsec({ folder, log, tuned });
  const bouncer = join(folder, 'bouncer.yaml');
  writeFileSync(bouncer, stringify(bouncerConfiguration(folder, url, key, askEvery)), { mode: 0o600 });
  const said = join(folder, 'said');
  const spoken = () => readFileSync(said, 'utf8').slice(-2_000);
  closeSync(openSync(said, 'w'));
  const agent = start(['sh', '-c', `exec "$@" >>${said} 2>&1`, 'sh', ...command]);
  await until(
    () => readFileSync(said, 'utf8').includes('Starting processing data') || notEnded(agent, spoken),
    () => `crowdsec does not follow the log: ${spoken()}`,
  );
  const blocker = start(['sh', '-c', `exec "$@" >>${said} 2>&1`, 'sh', 'crowdsec-firewall-bouncer', '-c', bouncer]);
  await until(
    () =>
      (rulesAt(prefix).includes('crowdsec-blacklists') && spoken().includes('/v1/decisions')) ||
      notEnded(blocker, spoken),
    () => `its bouncer does not start: ${spoken()}`,
  );
  return {
    async stop() {
      for (const child of [blocker, agent]) await end(child);
    },
  };
}

/** Distinct addresses in what it says of its decisions. */
export function decidedAddresses(said: string): number {
  return new Set([...said.matchAll(/ ban on Ip ([0-9a-f.:]+)/g)].map(([, address]) => address)).size;
}

function configuration(folder: string, url: string) {
  const etc = join(folder, 'etc');
  const data = join(folder, 'data');
  return {
    common: { daemonize: false, log_media: 'stdout', log_level: 'info', working_dir: '.' },
    config_paths: {
      config_dir: etc,
      data_dir: data,
      simulation_path: join(etc, 'simulation.yaml'),
      hub_dir: '/var/lib/crowdsec/hub/',
      index_path: '/var/lib/crowdsec/hub/.index.json',
      notification_dir: join(etc, 'notifications'),
      plugin_dir: '/usr/lib/crowdsec/plugins/',
    },
    crowdsec_service: {
      acquisition_path: join(etc, 'acquis.yaml'),
      // As Debian ships it. Two of each made it slower: they spin while they wait for one another.
      parser_routines: 1,
    },
    cscli: { output: 'human' },
    db_config: {
      log_level: 'info',
      type: 'sqlite',
      db_path: join(data, 'crowdsec.db'),
      use_wal: true,
      flush: { max_items: 5000, max_age: '7d' },
    },
    plugin_config: { user: 'nobody', group: 'nogroup' },
    api: {
      client: { insecure_skip_verify: false, credentials_path: join(etc, 'local_api_credentials.yaml') },
      server: {
        log_level: 'info',
        listen_uri: new URL(url).host,
        profiles_path: join(etc, 'profiles.yaml'),
        trusted_ips: ['127.0.0.1', '::1'],
      },
    },
    prometheus: { enabled: false },
  };
}

function bouncerConfiguration(folder: string, url: string, key: string, askEvery: string) {
  return {
    mode: 'nftables',
    pid_dir: folder,
    update_frequency: askEvery,
    daemonize: false,
    log_mode: 'stdout',
    log_level: 'info',
    api_url: url,
    api_key: key,
    disable_ipv6: false,
    deny_action: 'DROP',
    deny_log: false,
    supported_decisions_types: ['ban'],
    blacklists_ipv4: 'crowdsec-blacklists',
    blacklists_ipv6: 'crowdsec6-blacklists',
    nftables: {
      ipv4: { enabled: true, 'set-only': false, table: 'crowdsec', chain: 'crowdsec-chain' },
      ipv6: { enabled: true, 'set-only': false, table: 'crowdsec6', chain: 'crowdsec6-chain' },
    },
    prometheus: { enabled: false },
  };
}

function rulesAt(prefix: readonly string[]): string {
  const [program, ...rest] = [...prefix, 'nft', 'list', 'ruleset'];
  return execFileSync(program ?? 'nft', rest, { encoding: 'utf8' });
}

function notEnded(child: ChildProcess, said: () => string): false {
  if (child.exitCode !== null) throw new Error(`it ended with ${child.exitCode}: ${said()}`);
  return false;
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const over = new Promise((resolve) => child.once('exit', resolve));
  child.kill('SIGTERM');
  await over;
}
