/** Entries of a list that a person typed: one per line, commas and semicolons too; each once. */
export function addressLines(text: string): readonly string[] {
  const entries = text.split(/[\s,;，；、]+/u).filter((entry) => entry !== '');
  return [...new Set(entries)];
}
