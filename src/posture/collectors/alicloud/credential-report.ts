import { MissingField, textAt } from '../fields.ts';

/** More users than a report may have. */
const MOST_LINES = 10_000;

/**
 * The rows of a credential report: CSV in Base64, one row for each user, the account itself first (`<root>`).
 *
 * `user` is `alice@1098765432101234.onaliyun.com`; `name` is added, as the user is called elsewhere (`alice`).
 *
 * @see https://help.aliyun.com/zh/ram/user-guide/generate-and-download-user-credential-reports
 */
export function readCredentialReport(answer: unknown): readonly Readonly<Record<string, string>>[] {
  const content = textAt(answer, 'Content');
  if (content === undefined) throw new MissingField('Content');
  const [head = '', ...lines] = Buffer.from(content, 'base64').toString('utf8').split(/\r?\n/, MOST_LINES);
  const columns = head.replace(/^\uFEFF/, '').split(',');
  if (columns[0] !== 'user') throw new MissingField('a column user in Content');
  return lines.flatMap((line) => {
    if (line === '') return [];
    const values = line.split(',').map((value) => value.replace(/^"(.*)"$/, '$1'));
    const row: Record<string, string> = Object.create(null) as Record<string, string>;
    for (const [index, column] of columns.entries()) row[column.trim()] = values[index]?.trim() ?? '';
    return [{ ...row, name: (row['user'] ?? '').replace(/@.*$/, '') }];
  });
}
