import { MissingField, textAt } from '../fields.ts';

/** More users than an account may have. */
const MOST_LINES = 10_000;
export const ROOT = '<root_account>';

/**
 * The rows of a credential report, by the names of its columns: one row for each user, the account itself first
 * (`<root_account>`). What does not apply is `N/A`, `not_supported` or `no_information`: those are left out.
 *
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/id_credentials_getting-report.html
 */
export function readCredentialReport(answer: unknown): readonly Readonly<Record<string, string>>[] {
  const content = textAt(answer, 'Content');
  if (content === undefined) throw new MissingField('Content');
  const [head = '', ...lines] = Buffer.from(content, 'base64').toString('utf8').split(/\r?\n/, MOST_LINES);
  const columns = cells(head);
  if (columns[0] !== 'user') throw new MissingField('a column user in Content');
  return lines.flatMap((line) => {
    if (line === '') return [];
    const values = cells(line);
    const row: Record<string, string> = Object.create(null) as Record<string, string>;
    for (const [index, column] of columns.entries()) {
      const value = values[index] ?? '';
      if (!NOTHING.has(value)) row[column] = value;
    }
    return [row];
  });
}

const NOTHING = new Set(['', 'N/A', 'not_supported', 'no_information']);

/** A name of a user may hold a comma: then it is quoted. */
function cells(line: string): readonly string[] {
  return [...line.matchAll(/(?:^|,)(?:"((?:[^"]|"")*)"|([^,"]*))/g)].map(
    ([, quoted, plain]) => quoted?.replaceAll('""', '"') ?? plain ?? '',
  );
}
