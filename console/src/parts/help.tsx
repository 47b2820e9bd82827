import { QuestionCircleOutlined } from '@ant-design/icons';
import { Popover } from 'antd';
import { useTranslation } from 'react-i18next';

/** A small mark that explains a word, on hover, focus and touch. */
export function Help({ text }: { readonly text: string }) {
  const { t } = useTranslation();
  return (
    <Popover content={<div className="help-text">{text}</div>} trigger={['hover', 'focus', 'click']}>
      <button type="button" className="help-mark" aria-label={`${t('common.help')} ${text}`}>
        <QuestionCircleOutlined />
      </button>
    </Popover>
  );
}
