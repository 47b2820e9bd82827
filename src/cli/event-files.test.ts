import { describe, expect, it } from 'vitest';
import { eventRecords, flatEvent } from './event-files.ts';

describe('event files', () => {
  it.each([
    ['one value', '{"a":1}', [{ a: 1 }]],
    ['a list', '[{"a":1},{"b":2}]', [{ a: 1 }, { b: 2 }]],
    ['records of a trail', '{"Records":[{"a":1}]}', [{ a: 1 }]],
    ['one per line', '{"a":1}\n{"a":"}{"}\n', [{ a: 1 }, { a: '}{' }]],
    ['one after the other', '{\n"a": "\\"["\n}\n[{"b":2}]', [{ a: '"[' }, { b: 2 }]],
    ['no event', '3\n"x"', []],
  ])('hold %s', (_, text, expected) => {
    expect(eventRecords(text)).toEqual(expected);
  });

  it('Windows events are read by their own names, others stay', () => {
    const event = {
      Event: {
        System: { Channel: 'Security', Provider: { '#attributes': { Name: 'P' } }, EventID: { '#text': 4688 } },
        EventData: { 'New Value': 'x' },
      },
    };
    expect(flatEvent(event)).toEqual({ Channel: 'Security', Provider_Name: 'P', EventID: 4688, NewValue: 'x' });
    expect(flatEvent({ System: 1 })).toEqual({ System: 1 });
  });
});
