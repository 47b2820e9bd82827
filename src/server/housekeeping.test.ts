import { describe, expect, it } from 'vitest';
import { journalDays } from './housekeeping.ts';

describe('the journal', () => {
  it('goes back as far as the owner keeps events, so that hunts do', () => {
    expect(journalDays(180, 0.5)).toBe(180);
    expect(journalDays(365, 0.2)).toBe(365);
  });

  it('is cut to a week where the disk gets full, and is never shorter', () => {
    expect(journalDays(180, 0.19)).toBe(7);
    expect(journalDays(1, 0.9)).toBe(7);
  });
});
