import { TranslationOutlined } from '@ant-design/icons';
import { Button } from 'antd';
import { useTranslation } from 'react-i18next';
import { changeLanguage, LANGUAGE_NAMES } from '../app/language.ts';

/** Offers the language that is not shown now, in that language. */
export function LanguageSwitch() {
  const { i18n, t } = useTranslation();
  const other = i18n.language === 'en' ? 'zh-CN' : 'en';
  return (
    <Button
      type="text"
      size="small"
      icon={<TranslationOutlined />}
      title={t('shell.language')}
      lang={other}
      onClick={() => changeLanguage(other)}
      data-testid="language-switch"
    >
      {LANGUAGE_NAMES[other]}
    </Button>
  );
}
