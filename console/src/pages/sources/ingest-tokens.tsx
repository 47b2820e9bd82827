import { PlusOutlined } from '@ant-design/icons';
import { App, Button, Form, Input, Modal, Popconfirm } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useMakeToken, useRevokeToken, useTokens } from '../../api/queries.ts';
import type { Token } from '../../api/shapes.ts';
import { type Column, DataTable } from '../../parts/data-table.tsx';
import { Section } from '../../parts/section.tsx';
import { Time } from '../../parts/time.tsx';
import { Trouble } from '../../parts/trouble.tsx';
import { NewTokenShown } from './new-token-shown.tsx';

/** The tokens with which other machines send their logs. */
export function IngestTokens() {
  const { t } = useTranslation();
  const { data, error, refetch } = useTokens();
  const [isMaking, setMaking] = useState(false);
  return (
    <Section
      title={t('sources.tokens')}
      hint={t('sources.tokensHint')}
      aside={
        <Button icon={<PlusOutlined />} onClick={() => setMaking(true)} data-testid="token-new">
          {t('sources.tokenNew')}
        </Button>
      }
    >
      {error && !data ? <Trouble thrown={error} onRetry={() => void refetch()} /> : undefined}
      {data?.items.length === 0 ? <p className="muted">{t('sources.tokenNone')}</p> : undefined}
      {data && data.items.length > 0 ? <TokenTable tokens={data.items} /> : undefined}
      {isMaking ? <MakeToken onClose={() => setMaking(false)} /> : undefined}
    </Section>
  );
}

function TokenTable({ tokens }: { readonly tokens: readonly Token[] }) {
  const { t } = useTranslation();
  const { message } = App.useApp();
  const revoke = useRevokeToken();
  const columns: readonly Column<Token>[] = [
    { key: 'name', title: t('sources.tokenName'), kind: 'main', cell: ({ name }) => <b>{name}</b> },
    { key: 'made', title: t('sources.tokenCreated'), cell: ({ createdMs }) => <Time ms={createdMs} /> },
    {
      key: 'state',
      title: t('sources.tokenState'),
      cell: ({ revokedMs }) =>
        revokedMs === undefined ? (
          <span className="tag tone-good">{t('sources.tokenLive')}</span>
        ) : (
          <span className="tag tone-calm">{t('sources.tokenRevoked')}</span>
        ),
    },
    {
      key: 'do',
      title: '',
      kind: 'actions',
      cell: ({ id, name, revokedMs }) =>
        revokedMs === undefined ? (
          <Popconfirm
            title={t('sources.revokeTitle', { name })}
            description={t('sources.revokeText')}
            okText={t('sources.revoke')}
            cancelText={t('common.cancel')}
            okButtonProps={{ danger: true }}
            onConfirm={() =>
              revoke.mutate(id, { onSuccess: () => void message.success(t('sources.revokedToast', { name })) })
            }
          >
            <Button size="small">{t('sources.revoke')}</Button>
          </Popconfirm>
        ) : undefined,
    },
  ];
  return (
    <>
      <DataTable label={t('sources.tokens')} columns={columns} rows={tokens} keyOf={({ id }) => id} />
      {revoke.error ? <Trouble thrown={revoke.error} /> : undefined}
    </>
  );
}

function MakeToken({ onClose }: { readonly onClose: () => void }) {
  const { t } = useTranslation();
  const make = useMakeToken();
  const [form] = Form.useForm<{ name: string }>();
  if (make.data) return <NewTokenShown token={make.data} onClose={onClose} />;
  return (
    <Modal
      open
      title={t('sources.tokenNew')}
      onCancel={onClose}
      onOk={() => form.submit()}
      okText={t('sources.tokenNew')}
      cancelText={t('common.cancel')}
      confirmLoading={make.isPending}
      okButtonProps={{ 'data-testid': 'token-make' }}
    >
      <Form form={form} layout="vertical" onFinish={({ name }) => make.mutate(name.trim())}>
        <Form.Item
          name="name"
          label={t('sources.tokenName')}
          rules={[{ required: true, pattern: /^\s*[\p{L}\p{N}._@-]{1,64}\s*$/u, message: t('sources.nameRule') }]}
        >
          <Input placeholder={t('sources.tokenNameHint')} maxLength={64} autoFocus data-testid="token-name" />
        </Form.Item>
      </Form>
      {make.error ? <Trouble thrown={make.error} /> : undefined}
    </Modal>
  );
}
