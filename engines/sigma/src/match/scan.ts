import { gramScan } from './grams.ts';
import { automatonScan, type Literal, type LiteralScan, stands } from './literals.ts';
import { shortScan, wideScan } from './rare.ts';

/** Up to this many are tried one by one. */
const FEW = 4;

/** The quickest way to find which of these literals a folded value has. */
export function scanOf(literals: readonly Literal[]): LiteralScan {
  const kinds = new Map<Kind, number[]>();
  literals.forEach((literal, index) => {
    const kind = kindOf(literal);
    const known = kinds.get(kind);
    if (known === undefined) kinds.set(kind, [index]);
    else known.push(index);
  });
  const scans = [...kinds].map(([kind, indexes]) =>
    numbered(
      scanOfKind(
        kind,
        indexes.map((index) => literals[index] as Literal),
      ),
      indexes,
    ),
  );
  if (scans.length === 1) return scans[0] as LiteralScan;
  return (value, report) => {
    for (let at = 0; at < scans.length; at++) (scans[at] as LiteralScan)(value, report);
  };
}

type Kind = 'whole' | 'edge' | 'wide' | 'short' | 'long';

const ASCII = /^[\0-\x7f]*$/;

function kindOf({ place, text }: Literal): Kind {
  if (place === 'whole') return 'whole';
  if (place !== 'anywhere' && text.length < 4) return 'edge';
  // A few rules list hundreds of letters that look like others.
  if (!ASCII.test(text)) return 'wide';
  return text.length < 4 ? 'short' : 'long';
}

function scanOfKind(kind: Kind, literals: readonly Literal[]): LiteralScan {
  if (kind === 'whole') return wholeScan(literals, (value) => value);
  if (literals.length <= FEW) return fewScan(literals);
  if (kind === 'edge') return edgeScan(literals);
  if (kind === 'long') return gramScan(literals) ?? automatonScan(literals);
  if (kind === 'short') return shortScan(literals) ?? automatonScan(literals);
  const scan = wideScan(literals) ?? automatonScan(literals);
  return (value, report) => {
    if (!ASCII.test(value)) scan(value, report);
  };
}

/** @param part what of the value the literals are compared with. */
function wholeScan(literals: readonly Literal[], part: (value: string) => string): LiteralScan {
  const byText = new Map<string, number[]>();
  literals.forEach(({ text }, index) => {
    const known = byText.get(text);
    if (known === undefined) byText.set(text, [index]);
    else known.push(index);
  });
  return (value, report) => {
    const found = byText.get(part(value));
    if (found !== undefined) for (let at = 0; at < found.length; at++) report(found[at] as number);
  };
}

/** Literals of up to three letters that must stand at the start or the end. */
function edgeScan(literals: readonly Literal[]): LiteralScan {
  const scans: LiteralScan[] = [];
  for (const place of ['start', 'end'] as const)
    for (let length = 0; length < 4; length++) {
      const indexes = literals.flatMap((one, index) =>
        one.place === place && one.text.length === length ? [index] : [],
      );
      if (indexes.length === 0) continue;
      const own = indexes.map((index) => literals[index] as Literal);
      const part = (value: string): string =>
        place === 'start' ? value.slice(0, length) : value.slice(Math.max(0, value.length - length));
      scans.push(numbered(wholeScan(own, part), indexes));
    }
  return (value, report) => {
    for (const scan of scans) scan(value, report);
  };
}

/** The numbers of some literals, told as numbers among all. */
function numbered(scan: LiteralScan, indexes: readonly number[]): LiteralScan {
  if (indexes.every((index, at) => index === at)) return scan;
  let sink: (index: number) => void = () => undefined;
  const forward = (at: number): void => sink(indexes[at] as number);
  return (value, report) => {
    sink = report;
    scan(value, forward);
  };
}

function fewScan(literals: readonly Literal[]): LiteralScan {
  return (value, report) => {
    for (let index = 0; index < literals.length; index++) if (stands(literals[index] as Literal, value)) report(index);
  };
}

/** `includes` leaves the compiled code, and costs a hundred nanoseconds whatever the text. */
const MANY_ANYWHERE = 3;
const MANY = 16;

/** Makes a function that says whether a folded value has one of these literals. */
export function hasOneOf(literals: readonly Literal[]): (value: string) => boolean {
  if (literals.length === 1) {
    const { place, text } = literals[0] as Literal;
    if (place === 'anywhere') return (value) => value.includes(text);
    if (place === 'end') return (value) => value.endsWith(text);
    if (place === 'start') return (value) => value.startsWith(text);
    return (value) => value === text;
  }
  const whole = new Set(literals.filter(({ place }) => place === 'whole').map(({ text }) => text));
  const parts = literals.filter(({ place }) => place !== 'whole');
  if (parts.length > MANY || parts.filter(({ place }) => place === 'anywhere').length > MANY_ANYWHERE) {
    const scan = scanOf(parts);
    let found = false;
    const note = (): void => {
      found = true;
    };
    return (value) => {
      if (whole.has(value)) return true;
      found = false;
      scan(value, note);
      return found;
    };
  }
  if (parts.length === 0) return (value) => whole.has(value);
  return (value) => {
    if (whole.size > 0 && whole.has(value)) return true;
    for (let at = 0; at < parts.length; at++) if (stands(parts[at] as Literal, value)) return true;
    return false;
  };
}
