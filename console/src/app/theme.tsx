import { App, ConfigProvider, type ThemeConfig, theme } from 'antd';
import antdEnglish from 'antd/locale/en_US';
import antdChinese from 'antd/locale/zh_CN';
import { type ReactNode, useSyncExternalStore } from 'react';
import { useTranslation } from 'react-i18next';

/** antd in our colours and the page's language; dark where the system is dark. */
export function Theme({ children }: { readonly children: ReactNode }) {
  const { i18n } = useTranslation();
  const isDark = useMedia('(prefers-color-scheme: dark)');
  return (
    <ConfigProvider
      locale={i18n.language === 'zh-CN' ? antdChinese : antdEnglish}
      theme={isDark ? DARK : LIGHT}
      button={{ autoInsertSpace: false }}
    >
      <App message={{ maxCount: 2 }}>{children}</App>
    </ConfigProvider>
  );
}

/** Whether a media query holds now. */
export function useMedia(query: string): boolean {
  return useSyncExternalStore(
    (changed) => {
      const list = matchMedia(query);
      list.addEventListener('change', changed);
      return () => list.removeEventListener('change', changed);
    },
    () => matchMedia(query).matches,
  );
}

/** Below this the page is laid out for a phone; the same width stands in the style sheets. */
export function useIsNarrow(): boolean {
  return useMedia('(max-width: 860px)');
}

const FONT =
  'system-ui, -apple-system, "Segoe UI", "PingFang SC", "Microsoft YaHei", "Noto Sans CJK SC", "Noto Sans SC", sans-serif';

const LIGHT: ThemeConfig = {
  token: {
    colorPrimary: '#0f6483',
    colorError: '#c02434',
    colorWarning: '#b45309',
    colorSuccess: '#1c7a4a',
    colorLink: '#0f6483',
    borderRadius: 8,
    fontFamily: FONT,
    fontSize: 14,
  },
  // With the corners of buttons a small box would be taken for a radio button.
  components: { Checkbox: { borderRadiusSM: 4 } },
};

const DARK: ThemeConfig = {
  ...LIGHT,
  algorithm: theme.darkAlgorithm,
  token: {
    ...LIGHT.token,
    colorPrimary: '#2f8fb3',
    colorError: '#e5596a',
    colorWarning: '#d98a3a',
    colorSuccess: '#4aa777',
    colorLink: '#6fc0dd',
    colorBgBase: '#0f171d',
  },
};
