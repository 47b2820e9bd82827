/** The token of a one-time link, of its fragment, or of `token=…`; undefined where there is none. */
export function tokenOf(text: string): string | undefined {
  return /(?:^|[#&?])token=([\w.~-]{1,200})/.exec(text.trim())?.[1];
}
