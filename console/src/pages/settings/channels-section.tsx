import { PlusOutlined } from '@ant-design/icons';
import { App, Button, Popconfirm } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import {
  useChannels,
  useDeadLetters,
  useDeleteChannel,
  useRetryMessage,
  useTestChannel,
} from '../../api/notification-queries.ts';
import type { Channel, DeadLetter } from '../../api/shapes.ts';
import { type Column, DataTable } from '../../parts/data-table.tsx';
import { VisibleText } from '../../parts/raw-text.tsx';
import { Section } from '../../parts/section.tsx';
import { Time } from '../../parts/time.tsx';
import { Trouble } from '../../parts/trouble.tsx';
import { ChannelForm } from './channel-form.tsx';

/** Who is told of alerts, whether it works, and what did not get through. */
export function ChannelsSection() {
  const { t } = useTranslation();
  const { data, error, refetch } = useChannels();
  const dead = useDeadLetters();
  const [isMaking, setMaking] = useState(false);
  return (
    <Section
      title={t('notify.title')}
      hint={t('notify.hint')}
      aside={
        <Button icon={<PlusOutlined />} onClick={() => setMaking(true)} data-testid="channel-new">
          {t('notify.add')}
        </Button>
      }
    >
      {error && !data ? <Trouble thrown={error} onRetry={() => void refetch()} /> : undefined}
      {data?.items.length === 0 ? <p className="muted">{t('notify.none')}</p> : undefined}
      {data && data.items.length > 0 ? <ChannelTable channels={data.items} /> : undefined}
      {dead.data && dead.data.items.length > 0 ? <DeadLetters letters={dead.data.items} /> : undefined}
      {isMaking ? <ChannelForm onClose={() => setMaking(false)} /> : undefined}
    </Section>
  );
}

function ChannelTable({ channels }: { readonly channels: readonly Channel[] }) {
  const { t } = useTranslation();
  const { message } = App.useApp();
  const test = useTestChannel();
  const remove = useDeleteChannel();
  const columns: readonly Column<Channel>[] = [
    { key: 'name', title: t('notify.name'), kind: 'main', cell: ({ name }) => <b>{name}</b> },
    { key: 'kind', title: t('notify.kind'), cell: ({ kind }) => t(`notify.kinds.${kind}`) },
    { key: 'host', title: t('notify.goesTo'), cell: ({ host }) => <span className="mono">{host}</span> },
    { key: 'level', title: t('notify.level'), cell: ({ minLevel }) => t(`words.level.${minLevel}`) },
    { key: 'state', title: t('notify.state'), cell: (channel) => <ChannelState channel={channel} /> },
    {
      key: 'do',
      title: '',
      kind: 'actions',
      cell: ({ id, name }) => (
        <>
          <Button
            size="small"
            loading={test.isPending && test.variables === id}
            onClick={() => test.mutate(id, { onSuccess: () => void message.success(t('notify.tested', { name })) })}
            data-testid="channel-test"
          >
            {t('notify.test')}
          </Button>{' '}
          <Popconfirm
            title={t('notify.removeTitle', { name })}
            description={t('notify.removeText')}
            okText={t('notify.remove')}
            cancelText={t('common.cancel')}
            okButtonProps={{ danger: true }}
            onConfirm={() =>
              remove.mutate(id, { onSuccess: () => void message.success(t('notify.removed', { name })) })
            }
          >
            <Button size="small">{t('notify.remove')}</Button>
          </Popconfirm>
        </>
      ),
    },
  ];
  const error = test.error ?? remove.error;
  return (
    <>
      <DataTable label={t('notify.title')} columns={columns} rows={channels} keyOf={({ id }) => id} />
      {error ? <Trouble thrown={error} /> : undefined}
    </>
  );
}

function ChannelState({ channel: { waiting, problem } }: { readonly channel: Channel }) {
  const { t } = useTranslation();
  if (waiting === 0) return <span className="tag tone-good">{t('notify.idle')}</span>;
  return (
    <>
      <span className="tag tone-calm">{t('notify.waiting', { count: waiting })}</span>
      {problem === undefined ? undefined : (
        <small>
          {' '}
          <VisibleText text={problem} />
        </small>
      )}
    </>
  );
}

function DeadLetters({ letters }: { readonly letters: readonly DeadLetter[] }) {
  const { t } = useTranslation();
  const retry = useRetryMessage();
  return (
    <>
      <h3>{t('notify.dead')}</h3>
      <ul data-testid="dead-letters">
        {letters.map(({ id, title, count, createdMs, problem }) => (
          <li key={id}>
            <VisibleText text={title} /> · {t('notify.about', { count })} · <Time ms={createdMs} />
            {problem === undefined ? undefined : (
              <small>
                {' '}
                <VisibleText text={problem} />
              </small>
            )}{' '}
            <Button size="small" onClick={() => retry.mutate(id)}>
              {t('notify.again')}
            </Button>
          </li>
        ))}
      </ul>
      {retry.error ? <Trouble thrown={retry.error} /> : undefined}
    </>
  );
}
