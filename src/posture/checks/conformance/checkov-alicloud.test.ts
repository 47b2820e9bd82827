import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { askLabels, type CheckMap, hasCorpus, shownAnswer } from './labels.ts';

const isHere = hasCorpus('checkov-alicloud');
const read = (name: string): unknown => parse(readFileSync(new URL(name, import.meta.url), 'utf8'));

/** Their id to ours. */
const map = read('checkov-alicloud.yml') as CheckMap;
/** `<check> <dir> <resource>` to why we differ. */
const argued = (read('checkov-alicloud-differences.yml') ?? {}) as Readonly<Record<string, string>>;

describe(`the labels of checkov for Alibaba Cloud${isHere ? '' : ' (skipped: the corpus checkov-alicloud is not here)'}`, () => {
  test.skipIf(!isHere)(
    'agree with our checks in 97 of 100, and each difference is argued',
    async () => {
      const answers = await askLabels('checkov-alicloud', map);
      const agreed = answers.filter((answer) => answer.agreed);
      console.info(`checkov-alicloud: ${agreed.length} of ${answers.length} labels agree`);
      const keyOf = ({ check, dir, resource }: (typeof answers)[number]): string => `${check} ${dir} ${resource}`;
      const unargued = answers.filter((answer) => !answer.agreed && argued[keyOf(answer)] === undefined);
      expect(unargued.map(shownAnswer)).toEqual([]);
      expect(agreed.map(keyOf).filter((key) => argued[key] !== undefined)).toEqual([]);
      expect(agreed.length / answers.length).toBeGreaterThanOrEqual(0.97);
    },
    60_000,
  );
});
