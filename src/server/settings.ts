import { settingsSchema } from '#api/schemas.ts';
import type { Settings } from '#api/services.ts';
import type { RespondMode } from '#model/action.ts';
import { parseTarget } from '#respond/target.ts';
import type { StateStore } from '#store/state-store.ts';

const DEFAULTS: Settings = { respond: 'ask', blockDurationMs: 3_600_000, allowList: [], retentionDays: 180 };

export interface SettingsService {
  get(): Settings;
  change(change: Partial<Settings>, actor: string): Promise<Settings>;
}

/**
 * The owner's settings: kept in the state store, read from memory. Each changed one is a leaf, written with it.
 * Throws BTZ_BLOCK_TARGET_INVALID for an allow-list entry that is no address.
 */
export async function openSettings(
  state: StateStore,
  clock: () => number,
  respond?: RespondMode,
): Promise<SettingsService> {
  let settings: Settings = { ...DEFAULTS, ...readable(await state.settings.all()) };

  async function change(wanted: Partial<Settings>, actor: string): Promise<Settings> {
    const next = {
      ...settings,
      ...wanted,
      allowList: (wanted.allowList ?? settings.allowList).map((entry) => parseTarget(entry).text),
    };
    const names = (Object.keys(next) as (keyof Settings)[]).filter(
      (name) => JSON.stringify(next[name]) !== JSON.stringify(settings[name]),
    );
    if (names.length === 0) return settings;
    const timeMs = clock();
    await state.transaction(async (queries) => {
      await queries.evidence.append(
        names.map((name) => ({
          timeMs,
          kind: 'setting.changed' as const,
          actor,
          subject: name,
          details: { from: settings[name], to: next[name] },
        })),
      );
      for (const name of names) await queries.settings.set(name, next[name], timeMs);
    });
    settings = next;
    return settings;
  }

  if (respond !== undefined && respond !== settings.respond) await change({ respond }, 'cli');
  return { get: () => settings, change };
}

/** What of it can be understood: one spoiled setting must not take the others, such as the allow list, with it. */
function readable(kept: Readonly<Record<string, unknown>>): Partial<Settings> {
  const found: Record<string, unknown> = {};
  for (const [name, schema] of Object.entries(settingsSchema.shape)) {
    const { success, data } = schema.safeParse(kept[name]);
    if (success) found[name] = data;
  }
  return found;
}
