import { LineCounter, parseAllDocuments } from 'yaml';

/** Documents as the whole YAML parser reads them; undefined when it finds something wrong. */
export function wholeYaml(text: string): { data: unknown; line: number }[] | undefined {
  const lines = new LineCounter();
  const parsed = parseAllDocuments(text, { lineCounter: lines, logLevel: 'silent', prettyErrors: false });
  const documents = [...parsed];
  if (documents.some(({ errors }) => errors.length > 0)) return undefined;
  return documents
    .filter(({ contents }) => contents !== null)
    .map((document) => ({
      data: document.toJS() as unknown,
      line: lines.linePos(document.contents?.range?.[0] ?? 0).line,
    }))
    .filter(({ data }) => data !== null);
}
