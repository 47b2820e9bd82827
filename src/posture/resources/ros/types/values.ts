import type { Value } from '#model/resource.ts';

/** How one pays, in the words of the older resources: `PrePaid`, `PostPaid`. */
export const CHARGE: Readonly<Record<string, Value>> = {
  prepaid: 'PrePaid',
  prepay: 'PrePaid',
  subscription: 'PrePaid',
  postpaid: 'PostPaid',
  postpay: 'PostPaid',
  payasyougo: 'PostPaid',
  payondemand: 'PostPaid',
};

/** The same in the words of the newer ones: `Subscription`, `PayAsYouGo`. */
export const PAYMENT: Readonly<Record<string, Value>> = {
  prepaid: 'Subscription',
  prepay: 'Subscription',
  subscription: 'Subscription',
  postpaid: 'PayAsYouGo',
  postpay: 'PayAsYouGo',
  payasyougo: 'PayAsYouGo',
  payondemand: 'PayAsYouGo',
};

export const TRAFFIC: Readonly<Record<string, Value>> = {
  paybytraffic: 'PayByTraffic',
  paybybandwidth: 'PayByBandwidth',
};

/** `on` and `off`, which templates also write as booleans. */
export const ON_OFF: Readonly<Record<string, Value>> = { true: 'on', false: 'off', on: 'on', off: 'off' };
