/**
 * The fields of one CSV record (RFC 4180): `"` quotes, `""` inside is one quote, and a quoted field may hold line feeds.
 * At most `most` fields are read. Quotes that never close end with the record.
 */
export function splitCsv(record: string, most: number): readonly string[] {
  const fields: string[] = [];
  let at = 0;
  while (fields.length < most) {
    if (record.charCodeAt(at) === QUOTE) {
      const end = closingQuote(record, at + 1);
      const inside = record.slice(at + 1, end);
      fields.push(inside.includes('""') ? inside.replaceAll('""', '"') : inside);
      at = record.indexOf(',', end + 1);
    } else {
      const comma = record.indexOf(',', at);
      fields.push(record.slice(at, comma === -1 ? record.length : comma));
      at = comma;
    }
    if (at === -1) break;
    at += 1;
  }
  return fields;
}

function closingQuote(record: string, from: number): number {
  let at = record.indexOf('"', from);
  while (at !== -1 && record.charCodeAt(at + 1) === QUOTE) at = record.indexOf('"', at + 2);
  return at === -1 ? record.length : at;
}

const QUOTE = 0x22;
