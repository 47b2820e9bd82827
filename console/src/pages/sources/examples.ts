/** Where `up --syslog-tcp` listens in our example; no fixed port of the product. */
const SYSLOG_PORT = 5514;

/** Sends the latest lines of a log to this centre; so many that they fit one request (16 MB). */
export function curlExample(origin: string, secret: string): string {
  return [
    'tail -n 50000 /var/log/auth.log |',
    `curl -sS ${origin}/api/v1/ingest/syslog \\`,
    `  -H 'Authorization: Bearer ${secret}' \\`,
    "  -H 'Content-Type: text/plain' \\",
    '  --data-binary @-',
  ].join('\n');
}

/** Forwards the security log of a machine, and keeps it on disk while the centre is away. */
export function rsyslogExample(host: string): string {
  return [
    'auth,authpriv.* action(type="omfwd"',
    `  target="${host}" port="${SYSLOG_PORT}" protocol="tcp"`,
    '  template="RSYSLOG_SyslogProtocol23Format"',
    '  queue.type="LinkedList" queue.filename="bartizan"',
    '  queue.saveOnShutdown="on" action.resumeRetryCount="-1")',
  ].join('\n');
}
