import type { Loaded } from '#model/resource.ts';

/** A text file of the tree that is scanned; the path is as the caller gave it, with `/`, and never leaves the tree. */
export interface SourceFile {
  readonly path: string;
  readonly text: string;
}

/**
 * Reads one kind of infrastructure code. It sees all files that it claimed at once (a Terraform module is spread over
 * several), touches nothing else, and never throws: a file that it cannot read is a problem and the rest is loaded.
 * Files that code names (`file("policy.json")`) it may ask for: those inside the scanned tree, of bounded size, are answered.
 */
export interface Loader {
  readonly id: string;
  /** Whether the file is of this kind, by its name and its beginning (at most 64 KB). */
  readonly claims: (path: string, head: string) => boolean;
  /** Larger files are a problem and are not read; 8 MB if not said. */
  readonly maxBytes?: number;
  readonly load: (files: readonly SourceFile[], read?: ReadFile) => Promise<Loaded>;
}

/** The text of another file of the scanned tree, by its path as `SourceFile` has it; undefined where there is none. */
export type ReadFile = (path: string) => string | undefined;
