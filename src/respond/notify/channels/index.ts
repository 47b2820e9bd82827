import type { ChannelKindId } from '#model/notification.ts';
import type { ChannelKind } from '../channel.ts';
import { dingtalk } from './dingtalk/index.ts';
import { wecom } from './wecom/index.ts';

/** Every provider, by the name that a channel has it under. */
export const CHANNELS: Readonly<Partial<Record<ChannelKindId, ChannelKind>>> = { dingtalk, wecom };
