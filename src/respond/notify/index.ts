export type { ChannelKind, Verdict } from './channel.ts';
export { CHANNELS } from './channels/index.ts';
export { type Courier, createCourier } from './courier.ts';
export { createEgress, type Egress } from './egress.ts';
export { noteMessage, testMessage } from './message.ts';
