import { readFileSync } from 'node:fs';
import { stripTypeScriptTypes } from 'node:module';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import * as sigma from '../src/index.ts';

it('the example in the README runs and prints what the README says', () => {
  const readme = readFileSync(join(import.meta.dirname, '../README.md'), 'utf8');
  const code = /```ts\n([\s\S]*?)```/.exec(readme)?.[1] ?? '';
  const output = /```text\n([\s\S]*?)```/.exec(readme)?.[1] ?? '';
  const body = stripTypeScriptTypes(code.replace(/^import \{(.*)\} from '@bartizan\/sigma';$/m, 'const {$1} = sigma;'));
  const printed: string[] = [];
  new Function('sigma', 'print', body)(sigma, (line: string) => printed.push(line));
  expect(printed).toHaveLength(2);
  expect(`${printed.join('\n')}\n`).toBe(output);
});
