import { describe, expect, it } from 'vitest';
import { type Event, OCSF_CLASS } from '#model/event.ts';
import { createDetector, loadRuleSet } from './index.ts';

const RULES = `
title: Login failed
id: 6a1f4c1e-5f57-4b8e-8a4e-0d3b6f3f0001
name: login-failed
logsource: {product: linux, service: sshd}
detection: {selection: {action: failed_password}, condition: selection}
level: informational
---
title: Guessing
id: 6a1f4c1e-5f57-4b8e-8a4e-0d3b6f3f0002
name: guessing
correlation:
  type: event_count
  rules: [login-failed]
  group-by: [src_endpoint.ip]
  timespan: 5m
  condition: {gte: 3}
level: high
tags: [attack.credential-access, attack.t1110.001]
bartizan: {group_by: [src_ip], respond: {verb: block, entity: src_ip}}
---
title: Accepted
id: 6a1f4c1e-5f57-4b8e-8a4e-0d3b6f3f0003
name: accepted
logsource: {product: linux, service: sshd}
detection: {selection: {action: accepted}, condition: selection}
---
title: Guessed
id: 6a1f4c1e-5f57-4b8e-8a4e-0d3b6f3f0004
name: guessed
correlation:
  type: temporal_ordered
  rules: [guessing, accepted]
  group-by: [src_endpoint.ip]
  timespan: 10m
level: critical
bartizan: {alert: true}
---
title: Opened
id: 6a1f4c1e-5f57-4b8e-8a4e-0d3b6f3f0005
logsource: {product: aws, service: cloudtrail}
detection: {selection: {eventName: Open, requestParameters.list.port: 22}, condition: selection}
bartizan: {entities: {resource: [requestParameters.name, requestParameters.list.id]}}
`;
const START = Date.UTC(2026, 10, 20);

function login(id: number, action: string, ip = '203.0.113.9', user = 'root', more: object = {}): Event {
  return {
    id,
    time: START + id * 1000,
    source: 'sshd',
    class_uid: OCSF_CLASS.authentication,
    activity_id: 1,
    severity_id: 1,
    user: { name: user },
    src_endpoint: { ip },
    device: { hostname: 'web-1' },
    unmapped: { action, user, ...more },
    raw: `${action} ${user} ${ip}`,
  };
}

const ruleSet = loadRuleSet([{ path: 'rules.yml', text: RULES }]);
const ids = (signals: readonly { rule: { id: string } }[]): string[] => signals.map(({ rule }) => rule.id);

describe('the detector', () => {
  it('reads the rules of the test without a problem', () => {
    expect(ruleSet.problems).toEqual([]);
  });

  it('alerts on what is meant to alert: not on what only feeds a correlation', () => {
    const detector = createDetector(ruleSet);
    const signals = [1, 2, 3].flatMap((id) => [...detector.detect(login(id, 'failed_password'))]);
    signals.push(...detector.detect(login(4, 'accepted', '203.0.113.9', 'deploy')));
    // `guessing` feeds `guessed` and says nothing itself; a rule lets it with `bartizan: alert`.
    expect(ids(signals)).toEqual(['guessed']);
    expect(signals[0]).toMatchObject({ entities: { src_ip: '203.0.113.9', user: 'deploy', host: 'web-1' } });
    expect(signals[0]?.evidence.at(-1)?.raw).toBe('accepted deploy 203.0.113.9');
  });

  it('says nothing about an ordinary login', () => {
    const detector = createDetector(ruleSet);
    expect(detector.detect(login(1, 'failed_password'))).toEqual([]);
    expect(detector.detect(login(2, 'accepted'))).toEqual([]);
  });

  it('counts what rsyslog folded into one line', () => {
    const detector = createDetector(ruleSet, { alsoSignal: ({ name }) => name === 'guessing' });
    const signals = detector.detect(login(1, 'failed_password', '203.0.113.9', 'root', { repeated: 3 }));
    expect(ids(signals)).toEqual(['guessing']);
    expect(signals[0]).toMatchObject({ count: 3 });
  });

  it('tells which accounts, with copies that hold no batch', () => {
    const detector = createDetector(ruleSet, { alsoSignal: ({ name }) => name === 'guessing' });
    const signals = ['ann', 'bob', 'carol'].flatMap((user, id) => [
      ...detector.detect(login(id, 'failed_password', '203.0.113.9', user)),
    ]);
    expect(signals[0]?.evidence.map(({ about }) => about?.user)).toEqual(['ann', 'bob', 'carol']);
  });

  it('goes on after a snapshot as if nothing had been', () => {
    const first = createDetector(ruleSet);
    for (const id of [1, 2, 3]) first.detect(login(id, 'failed_password'));
    const second = createDetector(ruleSet);
    expect(second.restore(JSON.parse(JSON.stringify(first.snapshot())))).toEqual([]);
    expect(ids(second.detect(login(4, 'accepted')))).toEqual(['guessed']);
  });

  it('reads entities of a rule from lists and by the first field that has a value', () => {
    const event: Event = {
      ...login(1, ''),
      source: 'cloudtrail',
      unmapped: { eventName: 'Open', requestParameters: { list: [{ port: 80 }, { port: 22, id: 'x' }] } },
    };
    const signals = createDetector(ruleSet).detect(event);
    expect(signals[0]?.rule).toMatchObject({ id: '6a1f4c1e-5f57-4b8e-8a4e-0d3b6f3f0005', level: 'medium' });
    expect(signals[0]?.entities.resource).toBeUndefined();
    const named = { ...event, unmapped: { eventName: 'Open', requestParameters: { name: 'n', list: [{ port: 22 }] } } };
    expect(createDetector(ruleSet).detect(named)[0]?.entities.resource).toBe('n');
  });

  it('does not run rules of one log source on another', () => {
    expect(createDetector(ruleSet).detect({ ...login(1, 'failed_password'), source: 'sudo' })).toEqual([]);
  });
});

describe('a rule set', () => {
  it('leaves out what a global filter of another file suppresses, and nothing else', () => {
    const filter = `title: Our scanner
id: 6f3e2987-db24-4c78-a860-b4f4095a7095
logsource: { product: linux, service: sshd }
filter:
  rules: any
  scanner: { src_endpoint.ip: 203.0.113.9 }
  condition: not scanner`;
    const files = [
      { path: 'rules.yml', text: RULES },
      { path: 'filter.yml', text: filter },
    ];
    const { rules, problems } = loadRuleSet(files);
    expect(problems).toEqual([]);
    expect(rules.filter(({ filters }) => filters?.length === 1).map(({ logsource }) => logsource.service)).toEqual(
      loadRuleSet(files.slice(0, 1)).rules.flatMap(({ logsource }) => (logsource.service === 'sshd' ? ['sshd'] : [])),
    );
  });

  const one = (text: string) => loadRuleSet([{ path: 'x.yml', text }]);

  it('keeps the good rules when one is bad, and names the bad one', () => {
    const found = loadRuleSet([
      { path: 'good.yml', text: RULES },
      { path: 'bad.yml', text: 'title: Bad\nlogsource: {product: linux}\ndetection: {condition: nothing}' },
    ]);
    expect(found.rules).toHaveLength(3);
    expect(found.problems).toMatchObject([{ file: 'bad.yml' }]);
  });

  it('refuses a response to an entity that one alert may have several of', () => {
    const rule = RULES.split('---')[0] ?? '';
    const found = one(`${rule}bartizan: {group_by: [host], respond: {verb: block, entity: src_ip}}`);
    expect(found.rules).toHaveLength(0);
    expect(found.problems[0]?.problem).toContain('not in group_by');
  });

  it('refuses a name that another rule has', () => {
    const rule = RULES.split('---')[0] ?? '';
    const found = one(`${rule}---\n${rule.replace('0001', '0009')}`);
    expect(found.problems.map(({ problem }) => problem)).toEqual(['The name login-failed is used in x.yml too.']);
  });

  it('makes do with rules that others wrote, which have no notes', () => {
    const [rule] = one(`
title: Suspicious OpenSSH Daemon Error
id: e76b413a-83d0-4b94-8e4c-85db4a5b8bdc
description: An error that exploits cause
tags: [attack.initial-access, attack.t1190]
logsource: {product: linux, service: sshd}
detection: {keywords: ['error in libcrypto', 'Corrupted MAC on input'], condition: keywords}
level: medium
`).rules;
    const set = one(
      `title: x\nid: y\nlogsource: {product: linux, service: sshd}\ndetection: {k: ['Corrupted MAC'], condition: k}`,
    );
    expect(rule?.title).toBe('Suspicious OpenSSH Daemon Error');
    const signals = createDetector(set).detect({ ...login(1, 'other'), raw: 'sshd[1]: Corrupted MAC on input.' });
    expect(signals[0]?.rule).toMatchObject({ id: 'y', title: { zh: 'x', en: 'x' }, level: 'medium' });
    expect(signals[0]?.rule.reason.zh).toContain('{count}');
  });
});
