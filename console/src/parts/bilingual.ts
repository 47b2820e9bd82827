import { useCallback } from 'react';
import { useTranslation } from 'react-i18next';
import type { Bilingual } from '../api/shapes.ts';

/** Picks the sentence in the page's language. */
export function useBilingual(): (text: Bilingual) => string {
  const { i18n } = useTranslation();
  const { language } = i18n;
  return useCallback((text) => (language === 'zh-CN' ? text.zh : text.en), [language]);
}
