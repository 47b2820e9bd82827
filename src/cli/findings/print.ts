import { type BartizanError, toBartizanError } from '#kit/errors.ts';
import type { Language } from '#kit/locale.ts';
import type { Finding } from '#model/finding.ts';
import { type FindingFormat, printedFinding, type Report } from './format.ts';

/**
 * Prints findings to standard output; those formats that can begin before the last is known do.
 *
 * @param rest is read after the last finding
 */
export async function printFindings(
  format: FindingFormat,
  language: Language,
  findings: Iterable<Finding>,
  rest: Pick<Report, 'problems' | 'counts'>,
): Promise<void> {
  if (format === 'ndjson') await write(lines(findings, language));
  else if (format === 'json') await write(jsonLines(findings, language));
  else {
    const all = [...findings];
    await write(await reportLines(format, { findings: all, ...rest, language }));
  }
}

function* lines(findings: Iterable<Finding>, language: Language): Generator<string> {
  for (const finding of findings) yield JSON.stringify(printedFinding(finding, language));
}

function* jsonLines(findings: Iterable<Finding>, language: Language): Generator<string> {
  let before = '[';
  for (const finding of findings) {
    yield `${before} ${JSON.stringify(printedFinding(finding, language))}`;
    before = ',';
  }
  yield before === '[' ? '[]' : ']';
}

async function reportLines(format: FindingFormat, report: Report): Promise<Iterable<string>> {
  if (format === 'table') return (await import('./table.ts')).tableLines(report);
  if (format === 'junit') return (await import('./junit.ts')).junitLines(report);
  const { toSarif } = await import('./sarif.ts');
  return [JSON.stringify(toSarif(report), undefined, 2)];
}

const CHUNK_CHARACTERS = 256 * 1024;

/** Line by line in large pieces; whoever reads slowly is waited for. */
async function write(all: Iterable<string>): Promise<void> {
  let chunk = '';
  for (const line of all) {
    chunk += `${line}\n`;
    if (chunk.length < CHUNK_CHARACTERS) continue;
    await flush(chunk);
    chunk = '';
  }
  if (chunk !== '') await flush(chunk);
}

function flush(chunk: string): Promise<void> {
  return new Promise((resolve, reject) =>
    process.stdout.write(chunk, (error) => (error ? reject(unwritable(error)) : resolve())),
  );
}

function unwritable(error: Error): BartizanError {
  return toBartizanError(error, 'BTZ_OUTPUT_UNWRITABLE', { path: 'standard output' });
}
