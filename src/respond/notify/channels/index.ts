import type { ChannelKindId } from '#model/notification.ts';
import type { ChannelKind } from '../channel.ts';
import { dingtalk } from './dingtalk/index.ts';
import { feishu } from './feishu/index.ts';
import { pagerduty } from './pagerduty/index.ts';
import { slack } from './slack/index.ts';
import { teams } from './teams/index.ts';
import { webhook } from './webhook/index.ts';
import { wecom } from './wecom/index.ts';

/** Every provider, by the name that a channel has it under. */
export const CHANNELS: Readonly<Record<ChannelKindId, ChannelKind>> = {
  dingtalk,
  wecom,
  feishu,
  slack,
  teams,
  pagerduty,
  webhook,
};
