import { CloseCircleFilled } from '@ant-design/icons';
import { Button } from 'antd';
import { useTranslation } from 'react-i18next';
import { type FailureText, failureText } from './failure-text.ts';
import { VisibleText } from './raw-text.tsx';

/** A failure, said so that the reader knows what to do next. */
export function Trouble({ thrown, onRetry }: { readonly thrown: unknown; readonly onRetry?: () => void }) {
  const { t, i18n } = useTranslation();
  return (
    <TroubleBox text={failureText(thrown, { t, i18n })}>
      {onRetry ? (
        <Button size="small" onClick={onRetry}>
          {t('common.retry')}
        </Button>
      ) : undefined}
    </TroubleBox>
  );
}

export function TroubleBox({
  text: { message, remedy, detail, code },
  children,
}: {
  readonly text: FailureText;
  readonly children?: React.ReactNode;
}) {
  const { t } = useTranslation();
  return (
    <div className="trouble" role="alert" data-testid="trouble" data-code={code}>
      <CloseCircleFilled aria-hidden="true" />
      <div>
        <strong>
          <VisibleText text={message} />
        </strong>
        {remedy ? <p>{remedy}</p> : undefined}
        {detail ? (
          <p className="trouble-detail">
            {t('common.details')}: <VisibleText text={detail} /> {code ? `(${code})` : ''}
          </p>
        ) : undefined}
        {children}
      </div>
    </div>
  );
}
