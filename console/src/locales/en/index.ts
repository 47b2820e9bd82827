import { alertPages } from './alert-pages.ts';
import { failures } from './failures.ts';
import { notificationPages } from './notification-pages.ts';
import { pages } from './pages.ts';
import { posturePages } from './posture-pages.ts';
import { rulePages } from './rule-pages.ts';
import { words } from './words.ts';

export const en = {
  words,
  failures,
  ...pages,
  ...alertPages,
  ...posturePages,
  ...rulePages,
  ...notificationPages,
} as const;
