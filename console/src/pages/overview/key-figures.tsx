import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { LEVELS, type Overview } from '../../api/shapes.ts';
import { bytes, count, percent, shortCount } from '../../parts/figures.ts';
import { Help } from '../../parts/help.tsx';
import { LevelTag } from '../../parts/level-tag.tsx';
import { Time } from '../../parts/time.tsx';

/** The four figures: alerts that wait, addresses that are blocked, logs with what became of them, and the evidence. */
export function KeyFigures({ overview }: { readonly overview: Overview }) {
  const { t, i18n } = useTranslation();
  const { openAlerts, hiddenAlerts, heldBackAlerts, blocked, askedActions, respond, firewall, evidence } = overview;
  const open = LEVELS.toReversed().filter((level) => (openAlerts[level] ?? 0) > 0);
  const total = open.reduce((sum, level) => sum + (openAlerts[level] ?? 0), 0);
  return (
    <div className="key-figures">
      <Figure title={t('overview.alertsOpen')} to="/alerts?status=open" value={count(total, i18n.language)}>
        {total === 0 ? t('overview.alertsNone') : undefined}
        <span className="level-counts">
          {open.map((level) => (
            <span key={level}>
              <LevelTag level={level} /> {count(openAlerts[level] ?? 0, i18n.language)}
            </span>
          ))}
        </span>
        {hiddenAlerts > 0 ? (
          <Link to="/alerts?status=hidden" className="put-away-note">
            {t('alerts.hidden', { count: hiddenAlerts })}
          </Link>
        ) : undefined}
        {heldBackAlerts > 0 ? (
          <Link to="/alerts?status=held_back" className="put-away-note">
            {t('overview.heldBack', { count: heldBackAlerts })}
          </Link>
        ) : undefined}
      </Figure>
      <Figure
        title={t('overview.blocked')}
        help={t('overview.blockedHelp')}
        to="/responses"
        value={count(blocked, i18n.language)}
      >
        {askedActions > 0 ? (
          <span className="tag tone-warn">{t('overview.asked', { count: askedActions })}</span>
        ) : (
          t('overview.blockedNone')
        )}
        <br />
        {firewall.available ? (
          `${t('overview.respond')}: ${t(`settings.mode.${respond}.name`)}`
        ) : (
          <span className="tag tone-bad" title={firewall.problem}>
            {t('overview.firewallOff')}
          </span>
        )}
      </Figure>
      <LogFigure overview={overview} />
      <Figure
        title={t('overview.evidence')}
        help={t('overview.evidenceHelp')}
        to="/evidence"
        value={count(evidence.size, i18n.language)}
        unit={t('overview.evidenceUnit')}
      >
        {evidence.checkpointMs > 0 ? (
          <>
            {t('overview.checkpoint')} <Time ms={evidence.checkpointMs} only="distance" />
          </>
        ) : undefined}
      </Figure>
    </div>
  );
}

function LogFigure({ overview: { events, lake } }: { readonly overview: Overview }) {
  const { t, i18n } = useTranslation();
  const part = (value: number) => <b>{count(value, i18n.language)}</b>;
  return (
    <Figure
      title={t('overview.logs')}
      help={`${t('overview.equation')} ${events.dropped > 0 ? t('overview.droppedSome') : t('overview.droppedNone')}`}
      to="/sources"
      value={shortCount(events.received, i18n.language)}
      unit={t('words.unit.perSecond', { rate: count(Math.round(events.perSecond), i18n.language) })}
    >
      <span className="equation" data-testid="equation">
        <span>
          {t('overview.received')} {part(events.received)}
        </span>
        <i>=</i>
        <span>
          {t('overview.stored')} {part(events.stored)}
        </span>
        <i>+</i>
        <span className={events.dropped > 0 ? 'is-bad' : undefined}>
          {t('overview.dropped')} {part(events.dropped)}
        </span>
      </span>
      <span>
        {lake.state === 'ready'
          ? `${t('overview.searchable')} ${percent(events.searchable)} · ${bytes(lake.bytes)}`
          : `${t('overview.lake')}: ${t(`overview.lakeState.${lake.state}`)}`}
        {events.searchable < 1 ? <Help text={t('overview.searchableHelp')} /> : undefined}
      </span>
    </Figure>
  );
}

interface FigureProps {
  readonly title: string;
  readonly help?: string;
  readonly to: string;
  readonly value: string;
  readonly unit?: string;
  readonly children: ReactNode;
}

function Figure({ title, help, to, value, unit, children }: FigureProps) {
  return (
    <div className="sheet figure">
      <h2>
        <Link to={to}>{title}</Link>
        {help === undefined ? undefined : <Help text={help} />}
      </h2>
      <div className="figure-value">
        {value}
        {unit === undefined ? undefined : <small>{unit}</small>}
      </div>
      <div className="figure-note">{children}</div>
    </div>
  );
}
