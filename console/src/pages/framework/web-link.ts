/** An address that a page may link to, or nothing: `javascript:` and the like are none. */
export function webLink(address: string | undefined): string | undefined {
  return address !== undefined && /^https?:\/\//i.test(address) ? address : undefined;
}
