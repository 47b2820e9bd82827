export { type AlertGrouper, createAlertGrouper, type GrouperOptions } from './alert-grouper.ts';
