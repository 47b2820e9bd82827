import type { TreeCursor } from 'web-tree-sitter';

/**
 * A walk over the tree of one file. Every step of the cursor crosses into WebAssembly, so readers ask for as few as they
 * can: what is simple enough is read from the text of its node instead (`simple.ts`).
 */
export interface Reader {
  readonly text: string;
  readonly type: () => string;
  readonly start: () => number;
  readonly end: () => number;
  /** The text of the node that the cursor is on. */
  readonly slice: () => string;
  /** To the first child that is no comment. */
  readonly first: () => boolean;
  /** To the next sibling that is no comment. */
  readonly next: () => boolean;
  readonly up: () => void;
}

export function createReader(cursor: TreeCursor, text: string): Reader {
  const next = () => {
    while (cursor.gotoNextSibling()) if (cursor.nodeType !== 'comment') return true;
    return false;
  };
  return {
    text,
    type: () => cursor.nodeType,
    start: () => cursor.startIndex,
    end: () => cursor.endIndex,
    slice: () => text.slice(cursor.startIndex, cursor.endIndex),
    first: () => cursor.gotoFirstChild() && (cursor.nodeType !== 'comment' || next()),
    next,
    up: () => cursor.gotoParent(),
  };
}
