import { Button, Form, Input } from 'antd';
import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Link, Navigate, useLocation } from 'react-router';
import { useSession, useSessionChange } from '../../api/queries.ts';
import { Blank } from '../../parts/blank.tsx';
import { DoorPage } from '../../parts/door-page.tsx';
import { useTabTitle } from '../../parts/page-head.tsx';
import { Trouble } from '../../parts/trouble.tsx';
import { Waiting } from '../../parts/waiting.tsx';
import { tokenOf } from './setup-link.ts';

interface Fields {
  token?: string;
  name: string;
  password: string;
  again: string;
}

const SHORTEST_PASSWORD = 10;

/** Making the administrator, with the one-time link that the terminal showed. */
export function SetupPage() {
  const { t } = useTranslation();
  useTabTitle(t('setup.title'));
  const { hash } = useLocation();
  const [token] = useState(() => tokenOf(hash));
  const session = useSession();
  const { setUp } = useSessionChange();
  // The secret has no business in the address bar, the history or a screenshot.
  useEffect(() => {
    if (location.hash !== '') history.replaceState(history.state, '', location.pathname);
  }, []);

  if (session.isPending) return <Waiting />;
  if (session.data?.state === 'signed_in') return <Navigate to="/" replace />;
  if (session.data?.state === 'signed_out')
    return (
      <DoorPage title={t('setup.title')}>
        <Blank title={t('setup.done')}>
          <Link to="/sign-in">{t('setup.toSignIn')}</Link>
        </Blank>
      </DoorPage>
    );

  const required = { required: true, message: t('setup.required') };
  return (
    <DoorPage title={t('setup.title')} lead={t('setup.lead')}>
      <Form<Fields>
        layout="vertical"
        requiredMark={false}
        onFinish={({ name, password, token: typed = '' }) =>
          setUp.mutate({ name: name.trim(), password, token: token ?? tokenOf(typed) ?? typed.trim() })
        }
      >
        {token === undefined ? (
          <Form.Item name="token" label={t('setup.token')} extra={t('setup.tokenHint')} rules={[required]}>
            <Input autoComplete="off" maxLength={300} data-testid="setup-token" />
          </Form.Item>
        ) : undefined}
        <Form.Item
          name="name"
          label={t('setup.name')}
          rules={[required, { pattern: /^\s*[\p{L}\p{N}._@-]{1,64}\s*$/u, message: t('setup.nameRule') }]}
        >
          <Input autoComplete="username" maxLength={64} autoFocus data-testid="setup-name" />
        </Form.Item>
        <Form.Item
          name="password"
          label={t('setup.password')}
          extra={t('setup.passwordRule')}
          rules={[required, { min: SHORTEST_PASSWORD, message: t('setup.passwordRule') }]}
        >
          <Input.Password autoComplete="new-password" maxLength={200} data-testid="setup-password" />
        </Form.Item>
        {setUp.isError ? <Trouble thrown={setUp.error} /> : undefined}
        <Button
          type="primary"
          htmlType="submit"
          size="large"
          block
          loading={setUp.isPending}
          data-testid="setup-submit"
        >
          {t('setup.submit')}
        </Button>
      </Form>
    </DoorPage>
  );
}
