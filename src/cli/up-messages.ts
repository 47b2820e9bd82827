import type { Language } from '#kit/locale.ts';

interface UpMessages {
  running(url: string, folder: string): string;
  watching(source: string): string;
  notWatching(path: string): string;
  readonly nothing: string;
  readonly demo: string;
  setup(url: string): string;
  signIn(url: string): string;
  readonly stopping: string;
}

/** What `up` says at its start and end: short, because someone in a hurry reads it. */
export const UP_MESSAGES = {
  en: {
    running: (url, folder) => `Bartizan runs at ${url} (data in ${folder}).`,
    watching: (source) => `  watching  ${source}`,
    notWatching: (path) =>
      `  not yet   ${path}: no permission to read it. Run as root, or add this user to the group adm.`,
    nothing: '  No log source was found here. Send logs by syslog or HTTP: see Sources in the console.',
    demo: 'The bundled attack day is being replayed. It is demonstration data and marked as such.',
    setup: (url) => `Open this once to make the administrator (valid for 24 h):\n  ${url}`,
    signIn: (url) => `Sign in at ${url}`,
    stopping: 'Stopping …',
  },
  zh: {
    running: (url, folder) => `望楼已启动：${url}（数据在 ${folder}）。`,
    watching: (source) => `  正在监看  ${source}`,
    notWatching: (path) => `  尚未监看  ${path}：没有权限读取。请用 root 运行，或把当前用户加入 adm 组。`,
    nothing: '  这台机器上没有找到日志来源。可以用 syslog 或 HTTP 送日志进来，见控制台“日志来源”。',
    demo: '正在回放自带的“被攻击的一天”，均为演示数据，并已标明。',
    setup: (url) => `请打开下面的一次性链接创建管理员（24 小时内有效）：\n  ${url}`,
    signIn: (url) => `请登录：${url}`,
    stopping: '正在停止……',
  },
} as const satisfies Record<Language, UpMessages>;
