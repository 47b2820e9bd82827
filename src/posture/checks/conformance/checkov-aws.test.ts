import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { readChecks } from '../../content.ts';
import { type CheckMap, compareLabels, hasCorpus } from './labels.ts';

const isHere = hasCorpus('checkov-aws');

describe(`the labels of checkov for AWS${isHere ? '' : ' (skipped: the corpus checkov-aws is not here)'}`, () => {
  test.skipIf(!isHere)(
    'agree with our checks in 95 of 100, and each difference is argued',
    async () => {
      const { agreed, total, unargued, outdated } = await compareLabels('checkov-aws');
      console.info(`checkov-aws: ${agreed} of ${total} labels agree`);
      expect(unargued).toEqual([]);
      expect(outdated).toEqual([]);
      expect(agreed / total).toBeGreaterThanOrEqual(0.95);
    },
    60_000,
  );

  test('are mapped to checks that ship', () => {
    const map = parse(readFileSync(new URL('checkov-aws.yml', import.meta.url), 'utf8')) as CheckMap;
    const folder = fileURLToPath(new URL('../../../../content/checks/aws', import.meta.url));
    const ids = new Set(readChecks([folder]).checks.map(({ id }) => id));
    const named = Object.values(map).flat();
    expect(named.length).toBeGreaterThan(400);
    expect(named.filter((id) => !ids.has(id))).toEqual([]);
  });
});
