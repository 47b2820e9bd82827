/** Lets a loop sleep until it is wanted; what rings leaves nothing of its own context (a transaction) in the loop. */
export interface Bell {
  ring(): void;
  /** Returns once it rings, at once if it has rung since the last wait, or after `ms`. */
  wait(ms: number): Promise<void>;
}

export function createBell(): Bell {
  let hasRung = false;
  let wake: (() => void) | undefined;
  return {
    ring() {
      hasRung = true;
      wake?.();
    },
    async wait(ms) {
      if (!hasRung) {
        let timer: NodeJS.Timeout | undefined;
        await new Promise<void>((resolve) => {
          wake = resolve;
          timer = setTimeout(resolve, ms);
        });
        clearTimeout(timer);
        wake = undefined;
      }
      hasRung = false;
    },
  };
}
