import {
  CheckCircleFilled,
  ClockCircleFilled,
  CloseCircleFilled,
  ExperimentOutlined,
  EyeInvisibleFilled,
  MinusCircleFilled,
  PauseCircleFilled,
  StopFilled,
  SyncOutlined,
} from '@ant-design/icons';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { Action, ActionState, AlertStatus, Source } from '../api/shapes.ts';

type Tone = 'good' | 'busy' | 'bad' | 'warn' | 'calm';

function Tag({
  tone,
  icon,
  children,
}: {
  readonly tone: Tone;
  readonly icon: ReactNode;
  readonly children: ReactNode;
}) {
  return (
    <span className={`tag tone-${tone}`}>
      {icon}
      {children}
    </span>
  );
}

const ALERT_STATUS: Readonly<Record<AlertStatus, readonly [Tone, ReactNode]>> = {
  open: ['warn', <ClockCircleFilled key="i" />],
  acknowledged: ['busy', <CheckCircleFilled key="i" />],
  closed: ['calm', <MinusCircleFilled key="i" />],
  hidden: ['calm', <EyeInvisibleFilled key="i" />],
  held_back: ['calm', <PauseCircleFilled key="i" />],
};

export function AlertStatusTag({ status }: { readonly status: AlertStatus }) {
  const { t } = useTranslation();
  const [tone, icon] = ALERT_STATUS[status];
  return (
    <Tag tone={tone} icon={icon}>
      {t(`words.alertStatus.${status}`)}
    </Tag>
  );
}

const ACTION_STATE: Readonly<Record<ActionState, readonly [Tone, ReactNode]>> = {
  asked: ['warn', <ClockCircleFilled key="i" />],
  approved: ['busy', <SyncOutlined key="i" />],
  running: ['busy', <SyncOutlined key="i" spin />],
  done: ['bad', <StopFilled key="i" />],
  undone: ['calm', <MinusCircleFilled key="i" />],
  expired: ['calm', <MinusCircleFilled key="i" />],
  refused: ['calm', <MinusCircleFilled key="i" />],
  failed: ['bad', <CloseCircleFilled key="i" />],
};

const REPAIRED = ['good', <CheckCircleFilled key="i" />] as const;

export function ActionStateTag({ action }: { readonly action: Action }) {
  const { t } = useTranslation();
  const isDryDone = action.dryRun && action.state === 'done';
  const isRepaired = action.verb === 'repair' && action.state === 'done';
  const [tone, icon] = isDryDone ? ACTION_STATE.expired : isRepaired ? REPAIRED : ACTION_STATE[action.state];
  return (
    <span data-testid="action-state" data-state={action.state}>
      <Tag tone={tone} icon={icon}>
        {isDryDone ? t('respond.dryRun') : t(isRepaired ? 'repair.inForce' : `words.actionState.${action.state}`)}
      </Tag>
    </span>
  );
}

const SOURCE_STATUS: Readonly<Record<Source['status'], readonly [Tone, ReactNode]>> = {
  watching: ['good', <CheckCircleFilled key="i" />],
  waiting: ['calm', <ClockCircleFilled key="i" />],
  no_permission: ['bad', <StopFilled key="i" />],
  error: ['bad', <CloseCircleFilled key="i" />],
  stopped: ['calm', <MinusCircleFilled key="i" />],
};

export function SourceStatusTag({ status }: { readonly status: Source['status'] }) {
  const { t } = useTranslation();
  const [tone, icon] = SOURCE_STATUS[status];
  return (
    <Tag tone={tone} icon={icon}>
      {t(`words.sourceStatus.${status}`)}
    </Tag>
  );
}

/** Marks what did not really happen. */
export function DemoTag() {
  const { t } = useTranslation();
  return (
    <span className="tag tone-demo" title={t('shell.demoHelp')}>
      <ExperimentOutlined />
      {t('shell.demo')}
    </span>
  );
}
