export type { ListeningCollector } from './listening.ts';
export type { SyslogOptions } from './options.ts';
export { type SyslogTcpOptions, type SyslogTlsOptions, startSyslogTcp, startSyslogTls } from './tcp.ts';
export { startSyslogUdp } from './udp.ts';
