import { useSyncExternalStore } from 'react';
import { useTranslation } from 'react-i18next';
import { dateTime, duration, exactTime, relativeTime } from './figures.ts';

/** A moment: when by the clock, and how long ago; the exact time on hover. */
export function Time({ ms, only }: { readonly ms: number; readonly only?: 'clock' | 'distance' }) {
  const { t, i18n } = useTranslation();
  const now = useNow();
  const distance = relativeTime(ms, now, i18n.language) ?? t('common.now');
  const clock = dateTime(ms, i18n.language, now);
  return (
    <time dateTime={new Date(ms).toISOString()} title={exactTime(ms)} className="time">
      {only === 'distance' ? distance : clock}
      {only === undefined ? <small>{distance}</small> : undefined}
    </time>
  );
}

/** `2 hours`, `30 天`. */
export function useDurationText(): (ms: number) => string {
  const { t } = useTranslation();
  return (ms) => {
    const { unit, count } = duration(ms);
    return t(`words.duration.${unit}`, { count });
  };
}

const TICK_MS = 10_000;
let nowMs = Date.now();
const listeners = new Set<() => void>();
let timer: ReturnType<typeof setInterval> | undefined;

/** The time, moving on every ten seconds, for all that shows distances: one timer for the whole page. */
export function useNow(): number {
  return useSyncExternalStore(subscribe, () => nowMs);
}

function subscribe(changed: () => void): () => void {
  listeners.add(changed);
  if (timer === undefined) {
    nowMs = Date.now();
    timer = setInterval(() => {
      nowMs = Date.now();
      for (const tell of listeners) tell();
    }, TICK_MS);
  }
  return () => {
    listeners.delete(changed);
    if (listeners.size > 0) return;
    clearInterval(timer);
    timer = undefined;
  };
}
