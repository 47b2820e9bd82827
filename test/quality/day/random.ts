/** Repeatable choices: one seed, one day. */
export interface Random {
  /** 0 ≤ x < 1. */
  share(): number;
  /** An integer from `least` to `most`, both possible. */
  integer(least: number, most: number): number;
  pick<T>(from: readonly T[]): T;
  /** Hexadecimal digits. */
  hex(length: number): string;
  happens(share: number): boolean;
}

/** SplitMix32 (Steele, Lea and Flood, 2014), enough for scenes of a day. */
export function createRandom(seed: number): Random {
  let state = seed >>> 0;
  const share = (): number => {
    state = (state + 0x9e3779b9) >>> 0;
    let mixed = state ^ (state >>> 16);
    mixed = Math.imul(mixed, 0x21f0aaad);
    mixed ^= mixed >>> 15;
    mixed = Math.imul(mixed, 0x735a2d97);
    return ((mixed ^ (mixed >>> 15)) >>> 0) / 2 ** 32;
  };
  const integer = (least: number, most: number): number => least + Math.floor(share() * (most - least + 1));
  return {
    share,
    integer,
    pick: (from) => from[integer(0, from.length - 1)] as (typeof from)[number],
    hex: (length) => Array.from({ length }, () => integer(0, 15).toString(16)).join(''),
    happens: (probability) => share() < probability,
  };
}
