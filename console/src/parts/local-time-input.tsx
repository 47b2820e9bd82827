import { Input } from 'antd';
import { useState } from 'react';
import { fromLocalInput, toLocalInput } from './local-time.ts';

interface LocalTimeInputProps {
  readonly label: string;
  readonly timeMs: number | undefined;
  /** Undefined while what stands there is no time. */
  readonly onTime: (timeMs: number | undefined) => void;
  readonly isFixed?: boolean;
  readonly testId?: string;
}

/** The browser’s own field for a date and a time: phones have a good one. */
export function LocalTimeInput({ label, timeMs, onTime, isFixed = false, testId }: LocalTimeInputProps) {
  const [text, setText] = useState(timeMs === undefined ? '' : toLocalInput(timeMs));
  return (
    <label className="field">
      <span>{label}</span>
      <Input
        type="datetime-local"
        value={text}
        disabled={isFixed}
        onChange={(event) => {
          setText(event.target.value);
          onTime(fromLocalInput(event.target.value));
        }}
        data-testid={testId}
      />
    </label>
  );
}
