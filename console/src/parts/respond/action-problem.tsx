import { useTranslation } from 'react-i18next';
import type { Action } from '../../api/shapes.ts';
import { problemText } from '../failure-text.ts';
import { TroubleBox } from '../trouble.tsx';

/** Why an action came to nothing. */
export function ActionProblem({ action }: { readonly action: Action }) {
  const { t, i18n } = useTranslation();
  return action.problem ? <TroubleBox text={problemText(action.problem, { t, i18n })} /> : undefined;
}
