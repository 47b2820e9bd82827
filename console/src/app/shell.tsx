import { LogoutOutlined } from '@ant-design/icons';
import { Button } from 'antd';
import { Suspense } from 'react';
import { useTranslation } from 'react-i18next';
import { Navigate, Outlet, useLocation } from 'react-router';
import { useOverview, useSession, useSessionChange } from '../api/queries.ts';
import { Brand } from '../parts/brand.tsx';
import { LanguageSwitch } from '../parts/language-switch.tsx';
import { Trouble } from '../parts/trouble.tsx';
import { Waiting } from '../parts/waiting.tsx';
import { SideMenu, ThumbMenu } from './navigation.tsx';
import './shell.css';
import { useIsNarrow } from './theme.tsx';

/** What is around every page: who may see it at all, the menu, and the state of the connection. */
export function Shell() {
  const session = useSession();
  const { pathname, search } = useLocation();
  if (session.isPending) return <Waiting />;
  if (session.isError)
    return (
      <main className="page">
        <Trouble thrown={session.error} onRetry={() => void session.refetch()} />
      </main>
    );
  if (session.data.state === 'setup') return <Navigate to="/setup" replace />;
  if (session.data.state === 'signed_out')
    return <Navigate to={`/sign-in?next=${encodeURIComponent(pathname + search)}`} replace />;
  return <SignedIn name={session.data.user?.name ?? ''} />;
}

function SignedIn({ name }: { readonly name: string }) {
  const { t } = useTranslation();
  const overview = useOverview();
  const isNarrow = useIsNarrow();
  const { data } = overview;
  const waiting = {
    alerts: Object.values(data?.openAlerts ?? {}).reduce((total, count) => total + count, 0),
    responses: data?.askedActions ?? 0,
  };
  const extra = (
    <>
      <LanguageSwitch />
      <SignOut name={name} />
    </>
  );
  return (
    <div className="shell">
      <a className="skip-link" href="#content">
        {t('shell.skip')}
      </a>
      <header className="shell-head">
        <Brand />
        {isNarrow ? <LanguageSwitch /> : <SideMenu waiting={waiting} />}
        {isNarrow ? undefined : (
          <footer className="shell-foot">
            {extra}
            {data ? <small>{t('shell.version', { version: data.version })}</small> : undefined}
          </footer>
        )}
      </header>
      <main className="page" id="content" tabIndex={-1}>
        {overview.isError && data ? (
          <p className="connection-lost" role="status">
            {t('shell.offline')}
          </p>
        ) : undefined}
        <Suspense fallback={<Waiting />}>
          <Outlet />
        </Suspense>
      </main>
      {isNarrow ? <ThumbMenu waiting={waiting} extra={<SignOut name={name} />} /> : undefined}
    </div>
  );
}

function SignOut({ name }: { readonly name: string }) {
  const { t } = useTranslation();
  const { signOut } = useSessionChange();
  return (
    <div className="who">
      <span className="who-name" title={name}>
        {name}
      </span>
      <Button
        type="text"
        size="small"
        icon={<LogoutOutlined />}
        loading={signOut.isPending}
        onClick={() => signOut.mutate()}
        data-testid="sign-out"
      >
        {t('shell.signOut')}
      </Button>
    </div>
  );
}
