export type { ChannelKind, Verdict } from './channel.ts';
export { CHANNELS } from './channels/index.ts';
export { type Courier, createCourier } from './courier.ts';
export { createEgress, type Egress, reachOf } from './egress.ts';
export { testMessage } from './message.ts';
