import { Checkbox, Form, Input, Modal, Select } from 'antd';
import { useTranslation } from 'react-i18next';
import { useMakeChannel } from '../../api/notification-queries.ts';
import { CHANNEL_KINDS, LEVELS, type NewChannel } from '../../api/shapes.ts';
import { LANGUAGE_NAMES } from '../../app/language.ts';
import { Trouble } from '../../parts/trouble.tsx';

type Values = Required<Pick<NewChannel, 'name' | 'kind' | 'minLevel' | 'language'>> &
  Pick<NewChannel, 'url' | 'secret' | 'allowPrivate'>;

/** Kinds whose page gives a secret beside the address. */
const WITH_SECRET = new Set<NewChannel['kind']>(['dingtalk', 'feishu', 'pagerduty', 'webhook']);

/** A new channel. What is typed as a secret is sent once and forgotten. */
export function ChannelForm({ onClose }: { readonly onClose: () => void }) {
  const { t, i18n } = useTranslation();
  const make = useMakeChannel();
  const [form] = Form.useForm<Values>();
  const kind = Form.useWatch('kind', form) ?? 'dingtalk';
  const isUrlNeeded = kind !== 'pagerduty';

  function onFinish({ url, secret, ...values }: Values): void {
    const body: NewChannel = {
      ...values,
      name: values.name.trim(),
      ...(url?.trim() && { url: url.trim() }),
      ...(secret?.trim() && WITH_SECRET.has(kind) && { secret: secret.trim() }),
    };
    make.mutate(body, { onSuccess: onClose });
  }

  return (
    <Modal
      open
      title={t('notify.add')}
      onCancel={onClose}
      onOk={() => form.submit()}
      okText={t('notify.add')}
      cancelText={t('common.cancel')}
      confirmLoading={make.isPending}
      okButtonProps={{ 'data-testid': 'channel-make' }}
    >
      <Form
        form={form}
        layout="vertical"
        onFinish={onFinish}
        initialValues={{
          kind: 'dingtalk',
          minLevel: 'high',
          language: i18n.language.startsWith('zh') ? 'zh' : 'en',
          allowPrivate: false,
        }}
      >
        <Form.Item name="kind" label={t('notify.kind')}>
          <Select options={CHANNEL_KINDS.map((value) => ({ value, label: t(`notify.kinds.${value}`) }))} />
        </Form.Item>
        <Form.Item
          name="name"
          label={t('notify.name')}
          rules={[
            { required: true, pattern: /^\s*[\p{L}\p{N}][\p{L}\p{N}._ -]{0,63}$/u, message: t('notify.nameRule') },
          ]}
        >
          <Input maxLength={64} autoFocus data-testid="channel-name" />
        </Form.Item>
        <Form.Item
          name="url"
          label={t('notify.url')}
          extra={isUrlNeeded ? t('notify.urlHint') : t('notify.urlOptional')}
          rules={[{ required: isUrlNeeded, message: t('notify.urlHint') }]}
        >
          <Input.Password maxLength={2000} autoComplete="off" data-testid="channel-url" />
        </Form.Item>
        {WITH_SECRET.has(kind) ? (
          <Form.Item name="secret" label={t('notify.secret')} extra={t('notify.secretHint')}>
            <Input.Password maxLength={500} autoComplete="off" data-testid="channel-secret" />
          </Form.Item>
        ) : undefined}
        <Form.Item name="minLevel" label={t('notify.level')}>
          <Select options={LEVELS.toReversed().map((value) => ({ value, label: t(`words.level.${value}`) }))} />
        </Form.Item>
        <Form.Item name="language" label={t('notify.language')}>
          <Select
            options={[
              { value: 'zh', label: LANGUAGE_NAMES['zh-CN'] },
              { value: 'en', label: LANGUAGE_NAMES.en },
            ]}
          />
        </Form.Item>
        <Form.Item name="allowPrivate" valuePropName="checked">
          <Checkbox data-testid="channel-private">{t('notify.allowPrivate')}</Checkbox>
        </Form.Item>
      </Form>
      {make.error ? <Trouble thrown={make.error} /> : undefined}
    </Modal>
  );
}
