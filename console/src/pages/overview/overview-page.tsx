import { useTranslation } from 'react-i18next';
import { useOverview } from '../../api/queries.ts';
import { useTabTitle } from '../../parts/page-head.tsx';
import { DemoTag } from '../../parts/tags.tsx';
import { Trouble } from '../../parts/trouble.tsx';
import { Waiting } from '../../parts/waiting.tsx';
import { HappeningChart } from './happening-chart.tsx';
import { KeyFigures } from './key-figures.tsx';
import { todosOf } from './overall-state.ts';
import './overview.css';
import { StateSentence } from './state-sentence.tsx';
import { TodoList } from './todo-list.tsx';

/** What an owner wants to know first: is all well, and if not, what to do. */
export function OverviewPage() {
  const { t } = useTranslation();
  useTabTitle(t('overview.title'));
  const { data, error, refetch } = useOverview();
  if (!data) return error ? <Trouble thrown={error} onRetry={() => void refetch()} /> : <Waiting rows={12} />;
  const todo = todosOf(data);
  return (
    <>
      <h1 className="only-read">{t('overview.title')}</h1>
      {data.hasDemo ? (
        <p className="demo-banner" data-testid="demo-banner">
          <DemoTag />
          {t('shell.demoHelp')}
        </p>
      ) : undefined}
      <StateSentence overview={data} todo={todo} />
      <TodoList todo={todo} />
      <KeyFigures overview={data} />
      <HappeningChart />
    </>
  );
}
