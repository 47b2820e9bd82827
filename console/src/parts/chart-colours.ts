import type { Level, LogSource } from '../api/shapes.ts';

/** Each source keeps its colour wherever it is drawn. Chosen to be told apart, on light and on dark, by most eyes. */
export const SOURCE_COLOURS: Readonly<Record<LogSource, string>> = {
  sshd: '#1f7a9c',
  sudo: '#e0a030',
  su: '#b8860b',
  account: '#a05195',
  syslog: '#8fa3b0',
  nginx: '#4ba676',
  apache: '#7fb069',
  auditd: '#d1625a',
  cloudtrail: '#e88b4d',
  actiontrail: '#6f7fd8',
  kubernetes: '#2f6fe0',
  docker: '#3aa6d8',
  postgresql: '#35618f',
  mysql: '#c9764a',
  json: '#b6a6ca',
};

export const LEVEL_COLOURS: Readonly<Record<Level, string>> = {
  informational: '#9aa8b4',
  low: '#5b9bd5',
  medium: '#e2ae3c',
  high: '#e2702f',
  critical: '#b81f44',
};
