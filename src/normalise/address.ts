/**
 * The address in a text that should hold nothing else: IPv4 in four decimal parts, or IPv6, also in brackets or with a
 * zone. IPv4 inside IPv6 (`::ffff:192.0.2.1`) comes back as IPv4, so that one attacker has one name.
 *
 * @returns `undefined` for anything else, host names too.
 */
export function toAddress(text: string): string | undefined {
  const { length } = text;
  if (length < 2 || length > 64) return undefined;
  if (isIpv4(text, 0)) return text;
  let bare = text;
  if (bare.charCodeAt(0) === 0x5b && bare.endsWith(']')) bare = bare.slice(1, -1);
  const zone = bare.indexOf('%');
  if (zone > 0) bare = bare.slice(0, zone);
  if (!isIpv6(bare)) return undefined;
  return MAPPED.test(bare) && isIpv4(bare, 7) ? bare.slice(7) : bare;
}

const MAPPED = /^::ffff:\d/i;

/** Four parts of one to three digits, each at most 255, from `start` to the end of the text. */
function isIpv4(text: string, start: number): boolean {
  let parts = 0;
  let value = -1;
  let digits = 0;
  for (let index = start; index < text.length; index += 1) {
    const code = text.charCodeAt(index);
    if (code >= 0x30 && code <= 0x39) {
      if (digits === 1 && value === 0) return false;
      value = (digits === 0 ? 0 : value * 10) + code - 0x30;
      digits += 1;
      if (value > 255) return false;
    } else if (code === 0x2e && digits > 0 && parts < 3) {
      parts += 1;
      digits = 0;
    } else {
      return false;
    }
  }
  return parts === 3 && digits > 0;
}

/** RFC 4291, section 2.2: eight groups of up to four hex digits, one run of them `::`, the last two perhaps as IPv4. */
function isIpv6(text: string): boolean {
  if (!HEX_AND_COLONS.test(text)) return false;
  const halves = text.split('::');
  if (halves.length > 2) return false;
  let groups = 0;
  for (const [position, half] of halves.entries()) {
    if (half === '') continue;
    const pieces = half.split(':');
    for (const [index, piece] of pieces.entries()) {
      const isLast = position === halves.length - 1 && index === pieces.length - 1;
      if (isLast && piece.includes('.') && isIpv4(piece, 0)) groups += 2;
      else if (GROUP.test(piece)) groups += 1;
      else return false;
    }
  }
  return halves.length === 2 ? groups < 8 : groups === 8;
}

const HEX_AND_COLONS = /^[\da-f:]*:[\da-f:.]*$/i;
const GROUP = /^[\da-f]{1,4}$/i;
