import { expect, test } from 'vitest';
import { droppedOf, isRehearsal } from './counting.ts';
import { curlExample, rsyslogExample } from './examples.ts';

test('dropped lines are added up, the most frequent reason first', () => {
  expect(droppedOf({ dropped: { too_long: 2, queue_full: 40 } })).toEqual({
    total: 42,
    reasons: [
      { reason: 'queue_full', lines: 40 },
      { reason: 'too_long', lines: 2 },
    ],
  });
  expect(droppedOf({ dropped: {} })).toEqual({ total: 0, reasons: [] });
});

test('a reason that we have no word for is counted, though not named', () => {
  expect(droppedOf({ dropped: { on_fire: 3 } })).toEqual({ total: 3, reasons: [] });
});

test('the examples name this centre and the token, and nothing else', () => {
  const curl = curlExample('https://watch.example:8787', 's3cret');
  expect(curl).toContain('https://watch.example:8787/api/v1/ingest/syslog');
  expect(curl).toContain("'Authorization: Bearer s3cret'");
  expect(rsyslogExample('watch.example')).toContain('target="watch.example"');
  expect(rsyslogExample('watch.example')).not.toContain('s3cret');
});

test('only the streams of the demonstration and of drills are rehearsals', () => {
  expect(isRehearsal('demo:syslog')).toBe(true);
  expect(isRehearsal('drill:syslog')).toBe(true);
  expect(isRehearsal('file:/var/log/demo:syslog')).toBe(false);
});
