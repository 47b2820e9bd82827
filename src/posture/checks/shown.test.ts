import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { readChecks } from '../content.ts';
import { LOADERS } from '../resources/index.ts';
import { createCheckSet } from './run.ts';
import { hidden, shown } from './shown.ts';

describe('a value in a reason', () => {
  test.each([
    ['acl', 'public-read', 'public-read'],
    ['port', 22, '22'],
    ['kms_key_id', 'alias/shop', 'alias/shop'],
    ['key_pair_name', 'ops', 'ops'],
    ['metadata_options.http_tokens_required', false, 'false'],
    ['security_ips', ['0.0.0.0/0'], '["0.0.0.0/0"]'],
    ['environment_name', 'prod', 'prod'],
    ['note', 'x'.repeat(200), `${'x'.repeat(79)}…`],
  ])('%s is told: %o', (path, value, told) => {
    expect(shown(path, value)).toBe(told);
  });

  test.each([
    ['password', 'hunter2'],
    ['ike_config.psk', 'hunter2'],
    ['user_data', 'hunter2'],
    ['environment.variables', { A: 'hunter2' }],
    ['envs', '[{"name":"A","value":"hunter2"}]'],
    ['description', 'password: hunter2'],
    ['settings', { db_password: 'hunter2' }],
    ['settings', { 'api-key': 'hunter2' }],
    ['endpoint', 'mysql://root:hunter2@db/shop'],
    ['endpoint', 'redis://:hunter2@db:6379'],
    ['note', 'AKIAIOSFODNN7HUNTER2'],
    ['note', 'LTAI5tHunter2Hunter2abcd'],
    ['note', 'one\nhunter2'],
  ])('%s is not told: %o', (path, value) => {
    expect(shown(path, value)).toBe('set (hidden)');
  });

  test('is never told by a check that looks for secrets, though whether there is one is', () => {
    expect(hidden('name', 'web')).toBe('set (hidden)');
    expect(hidden('name', undefined)).toBe('absent');
  });
});

describe('the checks that ship', () => {
  const { checks } = readChecks([fileURLToPath(new URL('../../../content/checks', import.meta.url))]);
  const set = createCheckSet(checks);

  test.each([
    [
      'main.tf',
      `resource "alicloud_instance" "web" {
         password  = "pLanted"
         user_data = "export DB_PASSWORD=pLanted"
       }
       resource "alicloud_vpn_connection" "shop" {
         ike_config { psk = "pLanted" }
       }
       resource "alicloud_sae_application" "shop" {
         envs = "[{\\"name\\":\\"DB_PASSWORD\\",\\"value\\":\\"pLanted\\"}]"
       }
       resource "alicloud_fc_function" "shop" {
         environment_variables = { DB_PASSWORD = "pLanted" }
       }
       resource "aws_lambda_function" "shop" {
         environment { variables = { URL = "postgres://me:pLanted@db/shop" } }
       }
       resource "aws_db_instance" "shop" { password = "pLanted" }
       resource "kubernetes_secret" "shop" { data = { token = "pLanted" } }`,
    ],
    ['Dockerfile', 'FROM debian\nENV DB_PASSWORD=pLanted\nRUN curl -u me:pLanted http://x | sh\n'],
    [
      'pod.yaml',
      `apiVersion: v1
kind: Pod
metadata: {name: shop}
spec: {containers: [{name: a, image: b, args: ["--password=pLanted"], env: [{name: DB_PASSWORD, value: pLanted}]}]}
---
apiVersion: v1
kind: Secret
metadata: {name: shop}
stringData: {password: pLanted}
`,
    ],
    [
      'ros.yml',
      `ROSTemplateFormatVersion: '2015-09-01'
Resources:
  Web: {Type: 'ALIYUN::ECS::Instance', Properties: {Password: pLanted, UserData: 'x=pLanted'}}
`,
    ],
  ])('repeat no secret that stands in %s', async (path, text) => {
    const loader = LOADERS.find((one) => one.claims(path, text));
    const { resources } = (await loader?.load([{ path, text }])) ?? { resources: [] };
    const findings = [...set.run(resources, Date.now())];
    expect(
      findings.some(({ verdict, controls }) => verdict === 'fail' && controls.includes('secrets.no-plain-text')),
    ).toBe(true);
    expect(JSON.stringify(findings)).not.toContain('pLanted');
    expect(JSON.stringify(findings)).not.toContain(': set (hidden)');
  });
});

test('a reason says which of several blocks it is, by name, and not what is in it', () => {
  const { checks } = readChecks([fileURLToPath(new URL('../../../content/checks/kubernetes', import.meta.url))]);
  const attributes = {
    pod: [
      {
        container: [
          {
            name: 'shop',
            security_context: [{ privileged: true }],
            env: [
              { name: 'PORT', value: '80' },
              { name: 'DB_PASSWORD', value: 'pLanted' },
            ],
          },
        ],
      },
    ],
  };
  const pod = { provider: 'kubernetes' as const, type: 'kubernetes_pod', id: 'p', name: 'p', attributes };
  const reasons = new Map([...createCheckSet(checks).run([pod], 0)].map(({ check, reason }) => [check, reason]));
  expect(reasons.get('k8s-privileged')).toBe('pod.container has one that must not be: shop');
  expect(reasons.get('k8s-secret-in-env')).toBe('pod.container.env has one that must not be: DB_PASSWORD');
});

test('shows settings whose names only sound like secrets', () => {
  expect(shown('metadata_options.http_tokens', 'optional')).toBe('optional');
  expect(shown('minimum_password_length', 6)).toBe('6');
  expect(shown('master_password', 'optional')).toBe('set (hidden)');
});
