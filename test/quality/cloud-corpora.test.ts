import { existsSync } from 'node:fs';
import { basename, join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { Alert } from '#model/alert.ts';
import { LEVELS } from '#model/alert.ts';
import { alertsOf, batchesOfFile, CORPORA, corpusFiles, isAtLeast, shippedRules } from './rig.ts';

/**
 * What MITRE ATT&CK calls each technique of the tool (its own pages name them), with the sub-techniques beside it that
 * describe the same deed.
 */
const BEHAVIOUR: Readonly<Record<string, readonly string[]>> = {
  'aws.credential-access.secretsmanager-batch-retrieve-secrets': ['T1555', 'T1552'],
  'aws.credential-access.ssm-retrieve-securestring-parameters': ['T1555', 'T1552'],
  'aws.defense-evasion.cloudtrail-delete': ['T1562.008'],
  'aws.defense-evasion.cloudtrail-stop': ['T1562.008'],
  'aws.defense-evasion.dns-delete-logs': ['T1562.008'],
  'aws.defense-evasion.organizations-leave': ['T1666', 'T1562'],
  'aws.discovery.ec2-download-user-data': ['T1552.005', 'T1580', 'T1526'],
  'aws.execution.ec2-launch-unusual-instances': ['T1496', 'T1578.002', 'T1535'],
  'aws.exfiltration.ec2-share-ami': ['T1537'],
  'aws.exfiltration.ec2-share-ebs-snapshot': ['T1537'],
  'aws.exfiltration.rds-share-snapshot': ['T1537'],
  'aws.impact.bedrock-invoke-model': ['T1496'],
  'aws.persistence.iam-backdoor-role': ['T1098', 'T1199'],
  'aws.persistence.iam-backdoor-user': ['T1098.001'],
  'aws.persistence.iam-create-backdoor-role': ['T1098', 'T1199', 'T1136.003'],
  'aws.privilege-escalation.iam-update-user-login-profile': ['T1098', 'T1078.004'],
};

describe.skipIf(!existsSync(join(CORPORA, 'stratus-aws')))('stratus-aws (skipped where the corpora are absent)', () => {
  const ruleSet = shippedRules();
  const files = corpusFiles('stratus-aws/*.json');
  const named = (file: string): readonly Alert[] =>
    alertsOf(ruleSet, batchesOfFile(join(CORPORA, file))).filter(
      ({ rule }) =>
        isAtLeast(rule.level, 'medium') &&
        speaksOf(rule.attack, BEHAVIOUR[basename(file, '.json')] as readonly string[]),
    );

  test('has an alert at medium or above that names the behaviour, for every technique', () => {
    const missed = files.filter((file) => named(file).length === 0);
    console.log(`stratus-aws: ${files.length - missed.length} of ${files.length}`);
    expect(missed).toEqual([]);
    expect(files.map((file) => basename(file, '.json')).sort()).toEqual(Object.keys(BEHAVIOUR).sort());
  });

  test('names who did it and in which account', () => {
    for (const file of files)
      for (const { entities } of named(file))
        expect(entities, file).toMatchObject({
          account: expect.stringMatching(/^\d{12}$/),
          actor: expect.stringMatching(/./),
        });
  });
});

describe.skipIf(!existsSync(join(CORPORA, 'invictus-aws')))(
  'invictus-aws (skipped where the corpora are absent)',
  () => {
    const alerts = alertsOf(
      shippedRules(),
      corpusFiles('invictus-aws/CloudTrail/*.json').flatMap((file) => [...batchesOfFile(join(CORPORA, file))]),
    );

    test('an attack inside an hour of set-up is at most 40 alerts', () => {
      console.log(`invictus-aws: ${alerts.length} alerts`);
      expect(alerts.length).toBeLessThanOrEqual(40);
      expect(alerts.length).toBeGreaterThan(0);
    });

    test('the ten that come first are steps of the attack, not its set-up', () => {
      const ten = [...alerts].sort((a, b) => LEVELS.indexOf(b.rule.level) - LEVELS.indexOf(a.rule.level)).slice(0, 10);
      for (const { rule, entities } of ten) console.log(`  ${rule.level} ${rule.id} ${entities.actor}`);
      // The attacker's tool names itself in the user agent or in the session that it assumes. The same person's Terraform
      // sets the stage, and takes down trails when it clears it, which nobody can tell from an attacker who does so.
      const steps = ten.filter(({ events }) => events.some(({ raw }) => isAttack(raw)));
      expect(steps.length).toBeGreaterThanOrEqual(9);
      expect(new Set(ten.flatMap(({ rule }) => rule.attack)).size).toBeGreaterThanOrEqual(5);
    });
  },
);

function isAttack(raw: string): boolean {
  const { userAgent, userIdentity } = JSON.parse(raw) as { userAgent?: string; userIdentity?: { arn?: string } };
  return userAgent?.includes('stratus-red-team') === true || userIdentity?.arn?.includes('stratus-red-team') === true;
}

/** A sub-technique speaks of its technique; a technique alone of any of its own. */
function speaksOf(attack: readonly string[], accepted: readonly string[]): boolean {
  return attack.some((id) => accepted.some((one) => id === one || id.startsWith(`${one}.`)));
}
