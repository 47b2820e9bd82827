import { VisibleText } from '../../parts/raw-text.tsx';

/** A rule as it was written, line by line; what is invisible in a line is made visible. */
export function RuleText({ text }: { readonly text: string }) {
  return (
    <ol className="rule-text mono" data-testid="rule-text">
      {text.split('\n').map((line, at) => (
        <li key={at}>
          <VisibleText text={line} />
        </li>
      ))}
    </ol>
  );
}
