import { alertPages } from './alert-pages.ts';
import { failures } from './failures.ts';
import { pages } from './pages.ts';
import { words } from './words.ts';

export const en = { words, failures, ...pages, ...alertPages } as const;
