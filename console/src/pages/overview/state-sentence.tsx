import { useTranslation } from 'react-i18next';
import type { Overview, Todo } from '../../api/shapes.ts';
import { overallState } from './overall-state.ts';

/** One sentence: all is well, or how much needs doing. */
export function StateSentence({ overview, todo }: { readonly overview: Overview; readonly todo: readonly Todo[] }) {
  const { t } = useTranslation();
  const state = overallState(todo, overview);
  const count = todo.length;
  const sentence = {
    well: [t('overview.allWell'), t('overview.allWellMore')],
    starting: [t('overview.starting'), t('overview.startingMore')],
    attention: [t('overview.toDo', { count }), t('overview.toDoMore')],
    urgent: [t('overview.toDo', { count }), t('overview.toDoMore')],
  }[state];
  return (
    <div className={`state-sentence is-${state}`} role="status" data-testid="state-sentence" data-state={state}>
      <svg viewBox="0 0 48 48" width="52" height="52" aria-hidden="true">
        <path d="M24 6 9 16h30z" fill="currentColor" />
        <path d="M13 18h22v7H13zM11 27h26v4H11zM16 33h16l2.5 9h-21z" fill="currentColor" opacity=".45" />
        <circle cx="24" cy="21.5" r="2.4" className="state-light" />
      </svg>
      <div>
        <strong>{sentence[0]}</strong>
        <p>{sentence[1]}</p>
      </div>
    </div>
  );
}
