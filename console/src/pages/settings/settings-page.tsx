import { Radio } from 'antd';
import { useTranslation } from 'react-i18next';
import { useSettings } from '../../api/queries.ts';
import { changeLanguage, LANGUAGE_NAMES, LANGUAGES, type Language } from '../../app/language.ts';
import { PageHead } from '../../parts/page-head.tsx';
import { Section } from '../../parts/section.tsx';
import { Trouble } from '../../parts/trouble.tsx';
import { Waiting } from '../../parts/waiting.tsx';
import { ChannelsSection } from './channels-section.tsx';
import { DrillSection } from './drill-section.tsx';
import { RespondModeForm } from './respond-mode-form.tsx';
import { AllowListForm, DurationForm, RetentionForm } from './setting-forms.tsx';
import './settings.css';

/** What the owner decides once: how to respond, for how long, to whom never, how long to keep, whom to tell; and the drill. */
export function SettingsPage() {
  const { t, i18n } = useTranslation();
  const { data, error, refetch } = useSettings();
  return (
    <>
      <PageHead title={t('settings.title')} lead={t('settings.lead')} />
      <div className="settings">
        {!data && error ? <Trouble thrown={error} onRetry={() => void refetch()} /> : undefined}
        {!data && !error ? <Waiting rows={10} /> : undefined}
        {data ? (
          <>
            <Section title={t('settings.respond')}>
              <RespondModeForm respond={data.respond} />
            </Section>
            <Section title={t('settings.duration')} hint={t('settings.durationHint')}>
              <DurationForm key={data.blockDurationMs} settings={data} />
            </Section>
            <Section title={t('settings.allowList')} hint={t('settings.allowListHint')}>
              <AllowListForm key={data.allowList.join()} settings={data} />
            </Section>
            <Section title={t('settings.retention')} hint={t('settings.retentionHint')}>
              <RetentionForm key={data.retentionDays} settings={data} />
            </Section>
          </>
        ) : undefined}
        <ChannelsSection />
        <DrillSection />
        <Section title={t('settings.language')} hint={t('settings.languageHint')}>
          <Radio.Group
            value={i18n.language}
            onChange={(event) => changeLanguage(event.target.value as Language)}
            options={LANGUAGES.map((value) => ({ value, label: LANGUAGE_NAMES[value] }))}
          />
        </Section>
      </div>
    </>
  );
}
