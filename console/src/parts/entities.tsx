import { useTranslation } from 'react-i18next';
import type { Alert } from '../api/shapes.ts';
import { chooseEntities } from './entity-choice.ts';
import { RawCell } from './raw-text.tsx';

/** What an alert is about: `来源地址 203.0.113.9`. With a limit only what tells most. */
export function Entities({ entities, limit }: { readonly entities: Alert['entities']; readonly limit?: number }) {
  const { t, i18n } = useTranslation();
  const { shown, hidden } = chooseEntities(entities, limit);
  return (
    <span className="entities">
      {shown.map(([name, value]) => (
        <span key={name} className="entity">
          <small>{i18n.exists(`words.entity.${name}`) ? t(`words.entity.${name as 'user'}`) : name}</small>
          <RawCell text={value} limit={limit === undefined ? 300 : 60} />
        </span>
      ))}
      {hidden > 0 ? <small className="muted">+{hidden}</small> : undefined}
    </span>
  );
}

/** `user:li` → `用户 li`; `auto:ssh-bruteforce` → `自动规则 ssh-bruteforce`. */
export function Actor({ name }: { readonly name: string }) {
  const { t } = useTranslation();
  if (name === 'system' || name === 'cli') return t(`words.actor.${name}`);
  const [kind, ...rest] = name.split(':');
  if ((kind === 'auto' || kind === 'user') && rest.length > 0)
    return (
      <>
        {t(`words.actor.${kind}`)} <RawCell text={rest.join(':')} limit={80} />
      </>
    );
  return <RawCell text={name} limit={80} />;
}
