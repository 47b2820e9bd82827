import { App } from 'antd';
import { useId } from 'react';
import { useTranslation } from 'react-i18next';
import { useChangeSettings } from '../../api/queries.ts';
import { RESPOND_MODES, type RespondMode } from '../../api/shapes.ts';
import { Trouble } from '../../parts/trouble.tsx';

/** Three ways to respond, each with the sentence that tells what it means. A choice counts at once. */
export function RespondModeForm({ respond }: { readonly respond: RespondMode }) {
  const { t } = useTranslation();
  const { message } = App.useApp();
  const name = useId();
  const change = useChangeSettings();
  const shown = change.isPending ? (change.variables.respond ?? respond) : respond;
  return (
    <>
      <fieldset className="modes" disabled={change.isPending}>
        <legend className="only-read">{t('settings.respond')}</legend>
        {RESPOND_MODES.map((mode) => (
          <label key={mode} className={mode === shown ? 'mode is-chosen' : 'mode'}>
            <input
              type="radio"
              name={name}
              value={mode}
              checked={mode === shown}
              onChange={() =>
                change.mutate({ respond: mode }, { onSuccess: () => void message.success(t('common.saved')) })
              }
              data-testid={`respond-${mode}`}
            />
            <b>{t(`settings.mode.${mode}.name`)}</b>
            <small>{t(`settings.mode.${mode}.text`)}</small>
          </label>
        ))}
      </fieldset>
      {change.error ? <Trouble thrown={change.error} /> : undefined}
    </>
  );
}
