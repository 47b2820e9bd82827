/** Answers whether a part of one text may hold a secret; parts are asked for from left to right. */
export interface SuspectScan {
  /** May hit what is harmless; never misses what `maskSecrets` would mask. */
  isSuspect(start: number, end: number): boolean;
}

/**
 * The first place at or behind `from` where a secret may begin, infinity if there is none.
 *
 * Three letters say where a look is worth it, and only there a pattern is tried: one pass, whatever is looked for.
 */
export function nextSuspect(text: string, from: number): number {
  let letters = 0;
  for (let at = from; at < text.length; at += 1) {
    letters = ((letters << 5) | (text.charCodeAt(at) & 31)) & ALL_LETTERS;
    const kind = KINDS[letters] as number;
    if (kind !== 0 && at - from > 1 && isSuspectAt(text, at - 2, kind)) return at - 2;
  }
  return Number.POSITIVE_INFINITY;
}

/** Prepares a whole batch for the question above. `bytes` are those of the ASCII text: reading them is quicker. */
export function scanForSuspects(text: string, bytes: Uint8Array): SuspectScan {
  let letters = 0;
  let read = 0;
  let nearest = -1;
  return {
    isSuspect(start, end) {
      if (nearest >= start) return nearest < end;
      // What begins in this part may end in the next, as far as the three letters go.
      const to = Math.min(bytes.length, end + 2);
      for (; read < to; read += 1) {
        letters = ((letters << 5) | ((bytes[read] as number) & 31)) & ALL_LETTERS;
        const kind = KINDS[letters] as number;
        if (kind === 0 || read - 2 < start || !isSuspectAt(text, read - 2, kind)) continue;
        nearest = read - 2;
        read += 1;
        return nearest < end;
      }
      return false;
    },
  };
}

function isSuspectAt(text: string, at: number, kind: number): boolean {
  const pattern = PATTERNS[kind - 1] as RegExp;
  pattern.lastIndex = at;
  return pattern.test(text);
}

/** Each piece of `CANDIDATE` has one here that is found wherever it would be; by the first three letters of what it finds. */
const SUSPECTS: readonly (readonly [beginnings: readonly string[], pattern: string])[] = [
  [
    ['pas'],
    String.raw`pass(?:word[-_"'\\\]=:%,0-9cChHaArRoOnNvV]|word\s{1,4}[=:]|wd|phrase|["'\\\]=: %]|[-_]?[cChHaArRoOnNvV0-9])`,
  ],
  [['-pa'], '-password'],
  [['pwd'], 'pwd'],
  [['sec', 'tok', 'cre', 'coo', 'bea', 'aut'], 'secret|token|credential|cookie|bearer|authorization'],
  [['mys', 'mar', 'red', 'cur'], String.raw`mysql|mariadb|redis-cli|curl[\s"']`],
  [['api'], 'api[-_]?key'],
  [['pri', 'sig', 'enc'], '(?:private|signing|encryption)[-_]?(?:access[-_]?)?key'],
  [['---'], '-----begin '],
  [['aki', 'lta', 'eyj'], 'akia|ltai|eyj'],
  [['ghp', 'gho', 'ghu', 'ghs', 'ghr', 'git', 'glp'], 'gh[pousr]_|github_pat|glpat-'],
  [['xox', 'k_l'], 'xox[abeprs]-|k_live'],
  [['://'], String.raw`:\/\/[^\s/:@"'<>]{0,64}:[^\s/@"'<>]{1,128}@`],
];

const PATTERNS = SUSPECTS.map(([, pattern]) => new RegExp(pattern, 'iy'));

/** Five bits of each of three characters: letters are the same in both cases then, and what else is the same the pattern tells apart. */
const ALL_LETTERS = 0x7fff;

/** By three letters: the number of the pattern, from one on; 0 for nearly all. */
const KINDS = new Uint8Array(ALL_LETTERS + 1);
for (const [index, [beginnings]] of SUSPECTS.entries())
  for (const beginning of beginnings) {
    let letters = 0;
    for (let at = 0; at < beginning.length; at += 1) letters = (letters << 5) | (beginning.charCodeAt(at) & 31);
    KINDS[letters] = index + 1;
  }
