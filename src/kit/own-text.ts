/**
 * The same text in memory of its own. What came out of a batch is a slice that keeps all of the batch alive:
 * concatenating builds a new string, slicing flattens it.
 *
 * @param maxLength characters; what is longer is cut there and ends in “…”.
 */
export function ownText(text: string, maxLength = Number.POSITIVE_INFINITY): string {
  return (text.length > maxLength ? ` ${text.slice(0, maxLength)}…` : ` ${text}`).slice(1);
}
