import { RightOutlined } from '@ant-design/icons';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import type { Todo } from '../../api/shapes.ts';
import { LevelTag } from '../../parts/level-tag.tsx';
import { VisibleText } from '../../parts/raw-text.tsx';
import { inLanguage } from './todo-subject.ts';

const KINDS = ['alert', 'approve', 'source', 'firewall', 'lake', 'others'] as const;

/** At most three things, the most important first; each leads to where it is done. */
export function TodoList({ todo }: { readonly todo: readonly Todo[] }) {
  const { t, i18n } = useTranslation();
  if (todo.length === 0) return undefined;
  return (
    <ol className="todo-list" aria-label={t('overview.todayTitle')}>
      {todo.map(({ id, kind, level, subject, link }) => (
        <li key={id}>
          <Link to={link.startsWith('/') ? link : '/alerts'} data-testid="todo">
            <LevelTag level={level} />
            <span className="todo-text">
              <VisibleText
                text={t(`overview.todo.${KINDS.find((known) => known === kind) ?? 'other'}`, {
                  subject: inLanguage(subject, i18n.language),
                })}
              />
            </span>
            <span className="todo-go">
              {t('overview.todoGo')} <RightOutlined />
            </span>
          </Link>
        </li>
      ))}
    </ol>
  );
}
