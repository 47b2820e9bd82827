import {
  AlertOutlined,
  BarsOutlined,
  DashboardOutlined,
  FileProtectOutlined,
  FileSearchOutlined,
  HddOutlined,
  HistoryOutlined,
  MedicineBoxOutlined,
  ReadOutlined,
  SettingOutlined,
  StopOutlined,
} from '@ant-design/icons';
import { Drawer } from 'antd';
import { type ReactNode, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { NavLink } from 'react-router';

const PAGES = [
  { name: 'overview', to: '/', icon: <DashboardOutlined /> },
  { name: 'alerts', to: '/alerts', icon: <AlertOutlined /> },
  { name: 'responses', to: '/responses', icon: <StopOutlined /> },
  { name: 'events', to: '/events', icon: <FileSearchOutlined /> },
  { name: 'posture', to: '/posture', icon: <MedicineBoxOutlined /> },
  { name: 'rules', to: '/rules', icon: <ReadOutlined /> },
  { name: 'hunts', to: '/hunts', icon: <HistoryOutlined /> },
  { name: 'sources', to: '/sources', icon: <HddOutlined /> },
  { name: 'evidence', to: '/evidence', icon: <FileProtectOutlined /> },
  { name: 'settings', to: '/settings', icon: <SettingOutlined /> },
] as const;

type PageName = (typeof PAGES)[number]['name'];

/** Numbers beside page names: what waits there. */
export type Waiting = Partial<Record<PageName, number>>;

/** The main menu at the side of wide screens. */
export function SideMenu({ waiting }: { readonly waiting: Waiting }) {
  const { t } = useTranslation();
  return (
    <nav className="side-menu" aria-label={t('shell.mainMenu')}>
      {PAGES.map((page) => (
        <PageLink key={page.name} {...page} waiting={waiting[page.name]} />
      ))}
    </nav>
  );
}

const THUMB_PAGES = 4;

/** The main menu of phones: the first pages in reach of the thumb, the others behind “more”. */
export function ThumbMenu({ waiting, extra }: { readonly waiting: Waiting; readonly extra: ReactNode }) {
  const { t } = useTranslation();
  const [isOpen, setOpen] = useState(false);
  return (
    <nav className="thumb-menu" aria-label={t('shell.mainMenu')}>
      {PAGES.slice(0, THUMB_PAGES).map((page) => (
        <PageLink key={page.name} {...page} waiting={waiting[page.name]} />
      ))}
      <button type="button" className="page-link" data-testid="nav-more" onClick={() => setOpen(true)}>
        <BarsOutlined />
        <span>{t('shell.more')}</span>
      </button>
      <Drawer placement="bottom" size="auto" open={isOpen} onClose={() => setOpen(false)} title={t('shell.menu')}>
        <div className="more-pages">
          {PAGES.slice(THUMB_PAGES).map((page) => (
            <PageLink key={page.name} {...page} waiting={waiting[page.name]} onOpen={() => setOpen(false)} />
          ))}
          <div className="more-extra">{extra}</div>
        </div>
      </Drawer>
    </nav>
  );
}

interface PageLinkProps {
  readonly name: PageName;
  readonly to: string;
  readonly icon: ReactNode;
  readonly waiting: number | undefined;
  readonly onOpen?: () => void;
}

function PageLink({ name, to, icon, waiting, onOpen }: PageLinkProps) {
  const { t } = useTranslation();
  return (
    <NavLink to={to} end={to === '/'} className="page-link" data-testid={`nav-${name}`} onClick={onOpen}>
      {icon}
      <span>{t(`shell.${name}`)}</span>
      {waiting ? <b className="waiting-count">{waiting > 99 ? '99+' : waiting}</b> : undefined}
    </NavLink>
  );
}
