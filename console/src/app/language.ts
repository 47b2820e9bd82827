import i18next from 'i18next';
import { initReactI18next } from 'react-i18next';
import { en } from '../locales/en/index.ts';
import { zhCN } from '../locales/zh-CN/index.ts';

export const LANGUAGES = ['zh-CN', 'en'] as const;
export type Language = (typeof LANGUAGES)[number];

/** Each language's name in itself. */
export const LANGUAGE_NAMES: Readonly<Record<Language, string>> = { 'zh-CN': '中文', en: 'English' };

const REMEMBERED_AS = 'bartizan.language';

declare module 'i18next' {
  interface CustomTypeOptions {
    resources: { translation: typeof en };
  }
}

/** Starts the translations, in the remembered language, else in the first of the browser's that we speak. */
export function startLanguage(): void {
  const language = chooseLanguage(remembered(), navigator.languages);
  void i18next.use(initReactI18next).init({
    lng: language,
    fallbackLng: 'en',
    initAsync: false,
    // React puts values into the page as text; escaping them twice would show the escapes.
    interpolation: { escapeValue: false },
    resources: { 'zh-CN': { translation: zhCN }, en: { translation: en } },
  });
  document.documentElement.lang = language;
}

export function changeLanguage(language: Language): void {
  try {
    localStorage.setItem(REMEMBERED_AS, language);
  } catch {
    // Storage may be switched off in the browser; the choice then holds until the page is closed.
  }
  document.documentElement.lang = language;
  void i18next.changeLanguage(language);
}

/** Any Chinese is zh-CN, anything that we don't speak is English. */
export function chooseLanguage(remembered: string | null, browser: readonly string[]): Language {
  const known = LANGUAGES.find((language) => language === remembered);
  if (known) return known;
  for (const wish of browser) {
    if (/^zh\b/i.test(wish)) return 'zh-CN';
    if (/^en\b/i.test(wish)) return 'en';
  }
  return 'en';
}

function remembered(): string | null {
  try {
    return localStorage.getItem(REMEMBERED_AS);
  } catch {
    return null;
  }
}
