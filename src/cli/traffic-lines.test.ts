import { describe, expect, it } from 'vitest';
import { framerOf } from '#collect/framing/index.ts';
import { normaliseBatch } from '#normalise/index.ts';
import { trafficChunks } from './traffic-lines.ts';

describe('lines of ordinary hours', () => {
  const chunks = trafficChunks(2, 500);

  it('are the same at each run, and go on in time', () => {
    expect(trafficChunks(2, 500)).toEqual(chunks);
    expect(trafficChunks(4, 500)[2]?.bytes).not.toEqual(chunks[0]?.bytes);
  });

  it.each(chunks)('are understood, all of them: $format', ({ format, bytes, count }) => {
    const batch = framerOf(format).push(bytes);
    const input = { sequence: 1, stream: 'bench', format, receivedMs: Date.UTC(2026, 10, 21) };
    const events = normaliseBatch({ ...input, ...batch }, 0);
    expect(events).toHaveLength(count);
    expect(events.filter(({ class_uid }) => class_uid === 0)).toEqual([]);
    const times = events.map(({ time }) => time);
    expect(times).toEqual([...times].sort((a, b) => a - b));
  });
});
