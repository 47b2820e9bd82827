import { existsSync, readFileSync } from 'node:fs';
import { isIP } from 'node:net';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import type { Alert } from '#model/alert.ts';
import type { SourceFormat } from '#model/event.ts';
import { alertsOf, batchesOfFile, CORPORA, corpusFiles, isAtLeast, shippedRules } from './rig.ts';

const FAMILIES = ['sshd', 'pam', 'web', 'auditd', 'aws', 'kubernetes', 'database'] as const;
type Family = (typeof FAMILIES)[number];

/** Which family a case is of: the parser that it needs beside the common ones. */
const FAMILY_OF_PARSER: readonly (readonly [parser: RegExp, family: Family])[] = [
  [/sshd-(success-)?logs/, 'sshd'],
  [/pam-logs|pkexec-logs/, 'pam'],
  [/auditd-logs/, 'auditd'],
  [/aws-cloudtrail/, 'aws'],
  [/k8s-audit/, 'kubernetes'],
  [/(mysql|mariadb|pgsql)-logs|supabase-docker-pgsql/, 'database'],
  [/(nginx|apache2)-logs/, 'web'],
];

/** What an operator says of the file; the others, web servers' above all, are recognised. */
const FORMAT_OF_TYPE: Readonly<Record<string, SourceFormat>> = {
  syslog: 'syslog',
  auditd: 'auditd',
  'aws-cloudtrail': 'cloudtrail',
  'k8s-audit': 'kubernetes',
  postgres: 'postgresql',
  mysql: 'mysql',
  mariadb: 'mysql',
};

/** Cases that we do not answer as their author does, and why. Nothing is left out of the counts for being here. */
const KNOWN_MISSES: Readonly<Record<string, string>> = {
  nginx_req_limit_exceeded:
    'Six held back in a second is what a page with many pictures does; from twenty a minute on it alerts.',
  'ssh-time-based-bf': 'Four names over an hour: the owner of a new machine tries as many; from six on it alerts.',
  'sshd-impossible-travel':
    'Two logins with keys; how far apart they are takes a database of places, which there is not.',
  'sshd-impossible-travel-user': 'The same, for one user.',
};

/** Requests by which users of that product try their set-up; its author means no attack, and nobody could know its word. */
const SELF_TEST = /-generic-test$/;

/** Cases without an attack, by their author's intent, on which we speak at medium all the same, and why. */
const KNOWN_ALARMS: Readonly<Record<string, string>> = {};

interface HubCase {
  readonly name: string;
  readonly family: Family;
  /** Who must be named: addresses, or for attacks from within the user, the program or the process. */
  readonly sources: readonly string[];
  /** Scenarios were run on it and none spoke, or its name says that it is a false positive. */
  readonly isNegative: boolean;
  readonly alerts: readonly Alert[];
}

const folder = join(CORPORA, 'crowdsec-hub/.tests');

describe.skipIf(!existsSync(folder))('crowdsec-hub (skipped where the corpora are absent)', () => {
  const ruleSet = shippedRules();
  const cases = corpusFiles('crowdsec-hub/.tests/*/config.yaml').flatMap((file) => readCase(join(CORPORA, file)));

  function readCase(path: string): HubCase[] {
    const config = parse(readFileSync(path, 'utf8')) as { parsers?: string[]; log_file: string; log_type: string };
    const name = path.split('/').at(-2) as string;
    const parsers = config.parsers?.join(' ') ?? '';
    const family = FAMILY_OF_PARSER.find(([parser]) => parser.test(parsers))?.[1];
    const format = FORMAT_OF_TYPE[config.log_type];
    const log = join(path, '..', config.log_file);
    if (family === undefined || !existsSync(log)) return [];
    const assertFile = join(path, '..', 'scenario.assert');
    const assertions = existsSync(assertFile) ? readFileSync(assertFile, 'utf8') : '';
    const sources = new Set(
      [...assertions.matchAll(/Overflow\.Sources\["([^"]+)"\]/g)].map(([, source]) => source as string),
    );
    return [
      {
        name,
        family,
        sources: [...sources],
        isNegative: sources.size === 0 && /whitelist|-fp$|-success-logs$/.test(name),
        alerts: alertsOf(ruleSet, batchesOfFile(log, format, Date.UTC(2026, 1, 20))),
      },
    ];
  }

  const attacks = cases.filter(({ name, sources }) => sources.length > 0 && !SELF_TEST.test(name));
  const isNamed = (source: string, alerts: readonly Alert[]): boolean =>
    alerts.some(
      ({ entities, events }) =>
        Object.values(entities).some((value) => value.split(', ').includes(source)) ||
        // Deeds from within stand under a process or an ARN there, which ours have in the evidence.
        (isIP(source) === 0 && events.some(({ raw }) => raw.includes(source))),
    );
  const missed = attacks.filter(({ sources, alerts }) => !sources.every((source) => isNamed(source, alerts)));

  test('cases with an attack raise an alert that names its source', () => {
    for (const family of FAMILIES) {
      const all = attacks.filter((each) => each.family === family);
      const misses = missed.filter((each) => each.family === family).map(({ name }) => name);
      console.log(`${family.padEnd(10)} ${all.length - misses.length} of ${all.length} ${misses.join(' ')}`);
    }
    console.log(`together   ${attacks.length - missed.length} of ${attacks.length}`);
    expect(attacks.length).toBeGreaterThan(60);
    expect(missed.length / attacks.length).toBeLessThanOrEqual(0.05);
    expect(missed.map(({ name }) => name).sort()).toEqual(Object.keys(KNOWN_MISSES).sort());
  });

  test('cases without one stay below medium', () => {
    const quiet = cases.filter(({ isNegative }) => isNegative);
    const loud = quiet.filter(({ alerts }) => alerts.some(({ rule }) => isAtLeast(rule.level, 'medium')));
    console.log(`quiet: ${quiet.length - loud.length} of ${quiet.length}`, quiet.map(({ name }) => name).join(' '));
    expect(loud.map(({ name }) => name).sort()).toEqual(Object.keys(KNOWN_ALARMS).sort());
  });
});
