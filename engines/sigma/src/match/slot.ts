import { allValues, type FieldReader, fieldReader, fold, scalarText } from './fields.ts';

/** One place of the event, as it was read for the event at hand. */
export interface Slot {
  readonly read: FieldReader;
  readonly texts: string[];
  readonly folded: string[];
  count: number;
  isPresent: boolean;
  hasNull: boolean;
  /** Number of the event that this is about. */
  round: number;
}

const MAX_VALUES = 1_000;

/** @param path of the field; the whole event where it is left out. */
export function makeSlot(path: readonly string[] | undefined): Slot {
  return {
    read: path === undefined ? allValues : fieldReader(path),
    texts: [],
    folded: [],
    count: 0,
    isPresent: false,
    hasNull: false,
    round: 0,
  };
}

/** Puts what was read of an event into a slot. */
export function fill(slot: Slot, value: unknown, round: number): void {
  slot.round = round;
  slot.count = 0;
  slot.hasNull = false;
  slot.isPresent = value !== undefined;
  if (value !== undefined) take(slot, value);
}

/** The same for one text that is folded already. */
export function fillFolded(slot: Slot, text: string, folded: string, round: number): void {
  slot.round = round;
  slot.count = 1;
  slot.hasNull = false;
  slot.isPresent = true;
  slot.texts[0] = text;
  slot.folded[0] = folded;
}

function take(slot: Slot, value: unknown): void {
  if (typeof value === 'string') {
    slot.texts[slot.count] = value;
    slot.folded[slot.count] = fold(value);
    slot.count += 1;
  } else if (value === null) slot.hasNull = true;
  else if (Array.isArray(value)) {
    for (let at = 0; at < value.length && slot.count < MAX_VALUES; at++) {
      // A list in a list is no value of the field.
      if (!Array.isArray(value[at])) take(slot, value[at]);
    }
  } else {
    const text = scalarText(value);
    if (text !== undefined) take(slot, text);
  }
}

/**
 * Every value of an event as one folded text, a zero character between two: a literal without one is in it when it is in
 * one of the values.
 */
export function joinedValues(event: object): string {
  return fold((allValues(event) as readonly unknown[]).join('\0'));
}
