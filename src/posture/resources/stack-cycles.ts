/**
 * A way from a resource back to itself, if there is one: `[a, b]` where a refers to b and b to a. Linear in resources and references, and
 * without recursion: a chain may be as long as a template.
 *
 * @param references the logical ids that each resource names
 */
export function cycleOf(references: ReadonlyMap<string, ReadonlySet<string>>): readonly string[] | undefined {
  const done = new Set<string>();
  for (const start of references.keys()) {
    const way: { readonly name: string; readonly left: Iterator<string> }[] = [];
    const onWay = new Set<string>();
    const enter = (name: string): void => {
      way.push({ name, left: (references.get(name) ?? NONE)[Symbol.iterator]() });
      onWay.add(name);
    };
    if (!done.has(start)) enter(start);
    for (let here = way.at(-1); here !== undefined; here = way.at(-1)) {
      const next = here.left.next();
      if (next.done === true) {
        done.add(here.name);
        onWay.delete(here.name);
        way.pop();
      } else if (onWay.has(next.value)) {
        const names = way.map(({ name }) => name);
        return names.slice(names.indexOf(next.value));
      } else if (!done.has(next.value)) {
        enter(next.value);
      }
    }
  }
  return undefined;
}

const NONE: ReadonlySet<string> = new Set();
