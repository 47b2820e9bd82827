import { BartizanError } from '#kit/errors.ts';
import type { Firewall, LiveBlock } from '../firewall.ts';

export interface PretendFirewall extends Firewall {
  /** Targets that it drops. */
  readonly blocked: Map<string, number>;
  /** Called before each change; what it throws is thrown. */
  beforeChange: (what: string) => void | Promise<void>;
}

/**
 * A packet filter that drops nothing: the real one is tested beside it in network namespaces. With this one a test can
 * stop the world in the middle of a change, which a kernel cannot.
 */
export function createPretendFirewall(): PretendFirewall {
  const blocked = new Map<string, number>();
  const change = async (what: string, work: () => void): Promise<void> => {
    await firewall.beforeChange(what);
    work();
  };
  const firewall: PretendFirewall = {
    blocked,
    beforeChange: () => undefined,
    plan: async ({ target }) => ({ commands: [`block ${target.text}`], addresses: '1', connections: 0 }),
    async apply({ target, remainingMs }) {
      await change(`apply ${target.text}`, () => blocked.set(target.text, remainingMs));
      return remainingMs;
    },
    verify: async (target) => blocked.get(target.text),
    async undo(target) {
      const wasThere = blocked.has(target.text);
      await change(`undo ${target.text}`, () => blocked.delete(target.text));
      return wasThere;
    },
    async compare(live) {
      const missing = textsOf(live).filter((text) => !blocked.has(text));
      const surplus = [...blocked.keys()].filter((text) => !textsOf(live).includes(text));
      if (missing.length + surplus.length === 0) return undefined;
      return { structure: false, missing, surplus, retimed: [], commands: [] };
    },
    async repair({ missing, surplus }) {
      await change('repair', () => {
        for (const text of missing) blocked.set(text, 1);
        for (const text of surplus) blocked.delete(text);
      });
    },
    counters: async () => [],
    uninstall: async () => true,
    close: () => undefined,
  };
  return firewall;
}

export function unavailable(): never {
  throw new BartizanError('BTZ_FIREWALL_UNAVAILABLE', { problem: 'nft is not installed' });
}

function textsOf(live: readonly LiveBlock[]): string[] {
  return live.map(({ target }) => target.text);
}
