import { App, Button, Checkbox, Select } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useAnswer, useFrameworks } from '../../api/posture-queries.ts';
import { type Answers, FACING, OWNED } from '../../api/shapes.ts';
import { useBilingual } from '../../parts/bilingual.ts';
import { Section } from '../../parts/section.tsx';
import { Trouble } from '../../parts/trouble.tsx';
import { facesAfter } from './exclusive.ts';

/** What do you have, what of it faces the internet, which law applies. Folded once it is answered. */
export function Questions({ answers }: { readonly answers: Answers | undefined }) {
  const { t } = useTranslation();
  const [isOpen, setOpen] = useState(answers === undefined);
  return (
    <Section
      title={t('posture.questions')}
      hint={answers ? t('posture.answered') : t('posture.questionsHint')}
      aside={
        isOpen ? undefined : (
          <Button onClick={() => setOpen(true)} data-testid="change-answers">
            {t('posture.change')}
          </Button>
        )
      }
    >
      {isOpen ? <QuestionForm answers={answers} onDone={() => setOpen(false)} /> : undefined}
      {!isOpen && answers ? <Answered answers={answers} /> : undefined}
    </Section>
  );
}

function Answered({ answers }: { readonly answers: Answers }) {
  const { t } = useTranslation();
  const lawTitle = useLawTitles();
  const listed = (words: readonly string[]) =>
    words.length > 0 ? words.join(t('posture.comma')) : t('posture.answeredNothing');
  return (
    <dl className="step-facts">
      <dt>{t('posture.owns')}</dt>
      <dd>{listed(answers.owns.map((one) => t(`posture.owned.${one}`)))}</dd>
      <dt>{t('posture.faces')}</dt>
      <dd>{listed(answers.faces.map((one) => t(`posture.facing.${one}`)))}</dd>
      <dt>{t('posture.laws')}</dt>
      <dd>{listed(answers.laws.map(lawTitle))}</dd>
    </dl>
  );
}

function QuestionForm({ answers, onDone }: { readonly answers: Answers | undefined; readonly onDone: () => void }) {
  const { t } = useTranslation();
  const { message } = App.useApp();
  const [owns, setOwns] = useState<Answers['owns']>(answers?.owns ?? []);
  const [faces, setFaces] = useState<Answers['faces']>(answers?.faces ?? []);
  const [laws, setLaws] = useState<string[]>(answers?.laws ?? []);
  const { data } = useFrameworks();
  const lawTitle = useLawTitles();
  const save = useAnswer();
  const onSuccess = () => {
    void message.success(t('common.saved'));
    onDone();
  };
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        save.mutate({ owns, faces, laws }, { onSuccess });
      }}
    >
      <fieldset className="question">
        <legend>{t('posture.owns')}</legend>
        <Checkbox.Group<Answers['owns'][number]>
          value={owns}
          onChange={setOwns}
          options={OWNED.map((value) => ({ value, label: t(`posture.owned.${value}`) }))}
        />
      </fieldset>
      <fieldset className="question">
        <legend>{t('posture.faces')}</legend>
        <Checkbox.Group<Answers['faces'][number]>
          value={faces}
          onChange={(chosen) => setFaces(facesAfter(faces, chosen))}
          options={FACING.map((value) => ({ value, label: t(`posture.facing.${value}`) }))}
        />
      </fieldset>
      <label className="field">
        <span>{t('posture.laws')}</span>
        <Select<string[]>
          mode="multiple"
          value={laws}
          onChange={setLaws}
          maxCount={20}
          optionFilterProp="label"
          placeholder={t('posture.lawsHint')}
          aria-label={t('posture.laws')}
          data-testid="answer-laws"
          options={data?.items
            .filter(({ kind }) => kind === 'framework')
            .map(({ id }) => ({ value: id, label: lawTitle(id) }))}
        />
      </label>
      <span className="button-row">
        <Button type="primary" htmlType="submit" loading={save.isPending} data-testid="save-answers">
          {t('common.save')}
        </Button>
        {answers ? <Button onClick={onDone}>{t('common.cancel')}</Button> : undefined}
      </span>
      {save.error ? <Trouble thrown={save.error} /> : undefined}
    </form>
  );
}

/** Of a framework's id its title, where it is known. */
function useLawTitles(): (id: string) => string {
  const say = useBilingual();
  const { data } = useFrameworks();
  return (id) => {
    const found = data?.items.find((one) => one.id === id);
    return found ? say(found.title) : id;
  };
}
