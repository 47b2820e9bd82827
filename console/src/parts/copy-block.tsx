import { CheckOutlined, CopyOutlined } from '@ant-design/icons';
import { App, Button } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';

const SHOWN_MS = 2_000;

/** Text to be taken elsewhere: monospaced, with a button that copies it. */
export function CopyBlock({
  text,
  label,
  testId,
}: {
  readonly text: string;
  readonly label?: string;
  readonly testId?: string;
}) {
  const { t } = useTranslation();
  const { message } = App.useApp();
  const [isCopied, setCopied] = useState(false);
  const copy = async () => {
    if (!(await copyText(text))) return void message.warning('Ctrl+C');
    setCopied(true);
    setTimeout(() => setCopied(false), SHOWN_MS);
  };
  return (
    <div className="copy-block">
      {label === undefined ? undefined : <span className="copy-label">{label}</span>}
      <pre data-testid={testId}>{text}</pre>
      <Button
        size="small"
        icon={isCopied ? <CheckOutlined /> : <CopyOutlined />}
        onClick={() => void copy()}
        aria-label={t('common.copy')}
      >
        {isCopied ? t('common.copied') : t('common.copy')}
      </Button>
    </div>
  );
}

/** The clipboard is there on loopback and over TLS only; elsewhere the text is selected, ready for the keyboard. */
async function copyText(text: string): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    const block = [...document.querySelectorAll('.copy-block pre')].find((pre) => pre.textContent === text);
    if (block) getSelection()?.selectAllChildren(block);
    return false;
  }
}
