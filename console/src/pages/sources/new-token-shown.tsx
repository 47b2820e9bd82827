import { Button, Modal } from 'antd';
import { useTranslation } from 'react-i18next';
import type { NewToken } from '../../api/shapes.ts';
import { CopyBlock } from '../../parts/copy-block.tsx';
import { curlExample, rsyslogExample } from './examples.ts';

/** The secret, once, with lines that can be used as they are. Closes by its button only: a stray click would lose it. */
export function NewTokenShown({ token, onClose }: { readonly token: NewToken; readonly onClose: () => void }) {
  const { t } = useTranslation();
  return (
    <Modal
      open
      title={`${t('sources.tokenMade')} · ${token.name}`}
      width={680}
      mask={{ closable: false }}
      keyboard={false}
      closable={false}
      footer={
        <Button type="primary" onClick={onClose} data-testid="token-kept">
          {t('sources.keptIt')}
        </Button>
      }
    >
      <p className="token-once">{t('sources.tokenOnce')}</p>
      <CopyBlock text={token.secret} testId="token-secret" />
      <CopyBlock label={t('sources.tokenCurl')} text={curlExample(location.origin, token.secret)} />
      <CopyBlock label={t('sources.tokenRsyslog')} text={rsyslogExample(location.hostname)} />
      <p className="muted">{t('sources.tokenRsyslogHint')}</p>
    </Modal>
  );
}
