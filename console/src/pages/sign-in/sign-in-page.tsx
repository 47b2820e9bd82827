import { Button, Form, Input } from 'antd';
import { useTranslation } from 'react-i18next';
import { Navigate, useSearchParams } from 'react-router';
import { useSession, useSessionChange } from '../../api/queries.ts';
import { DoorPage } from '../../parts/door-page.tsx';
import { useTabTitle } from '../../parts/page-head.tsx';
import { Trouble } from '../../parts/trouble.tsx';
import { ownPath } from './own-path.ts';

/** Signing in; afterwards one is where one wanted to go. */
export function SignInPage() {
  const { t } = useTranslation();
  useTabTitle(t('signIn.title'));
  const [query] = useSearchParams();
  const session = useSession();
  const { signIn } = useSessionChange();

  if (session.data?.state === 'signed_in') return <Navigate to={ownPath(query.get('next'))} replace />;
  if (session.data?.state === 'setup') return <Navigate to="/setup" replace />;

  const required = { required: true, message: t('signIn.required') };
  return (
    <DoorPage title={t('signIn.title')} lead={t('signIn.lead')}>
      <Form<{ name: string; password: string }>
        layout="vertical"
        requiredMark={false}
        onFinish={({ name, password }) => signIn.mutate({ name: name.trim(), password })}
      >
        <Form.Item name="name" label={t('signIn.name')} rules={[required]}>
          <Input autoComplete="username" maxLength={64} autoFocus data-testid="sign-in-name" />
        </Form.Item>
        <Form.Item name="password" label={t('signIn.password')} rules={[required]}>
          <Input.Password autoComplete="current-password" maxLength={200} data-testid="sign-in-password" />
        </Form.Item>
        {signIn.isError ? <Trouble thrown={signIn.error} /> : undefined}
        <Button
          type="primary"
          htmlType="submit"
          size="large"
          block
          loading={signIn.isPending}
          data-testid="sign-in-submit"
        >
          {t('signIn.submit')}
        </Button>
      </Form>
    </DoorPage>
  );
}
