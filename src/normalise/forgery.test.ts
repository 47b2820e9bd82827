import { describe, expect, it } from 'vitest';
import type { SourceFormat } from '#model/event.ts';
import { normaliserOf } from './index.ts';

function read(format: SourceFormat, record: string) {
  return normaliserOf(format).normalise(record, {
    id: 1,
    receivedMs: 0,
    utcOffsetMinutes: 0,
    stream: 'file:/var/log/nginx/access.log',
  });
}

describe('what a stranger writes into a log', () => {
  it('does not put the blame on the address in a Host header that the server logs first', () => {
    const event = read(
      'access',
      '203.0.113.99 198.51.100.7 - - [20/Nov/2026:03:11:01 +0800] "GET / HTTP/1.1" 200 5 "-" "-"',
    );
    expect(event.src_endpoint?.ip).toBeUndefined();
    expect(event.class_uid).toBe(4002);
  });

  it('still finds the address behind a virtual host that is a name', () => {
    const event = read(
      'access',
      'shop.example:443 198.51.100.7 - - [20/Nov/2026:03:11:01 +0800] "GET / HTTP/1.1" 200 5 "-" "-"',
    );
    expect(event.src_endpoint?.ip).toBe('198.51.100.7');
  });

  it('does not hide a request behind a quote that the server wrote as \\x22', () => {
    const record =
      '{"remote_addr":"198.51.100.7","request":"GET /?x=1 HTTP/1.1","status":200,"http_user_agent":"a\\x22b"}';
    expect(read('access', record)).toMatchObject({
      class_uid: 4002,
      src_endpoint: { ip: '198.51.100.7' },
      http_request: { user_agent: 'a"b' },
    });
  });

  it('is not taken for sshd because the process calls itself so', () => {
    const entry = (uid: string) =>
      JSON.stringify({
        MESSAGE: 'Failed password for root from 192.0.2.77 port 1 ssh2',
        SYSLOG_IDENTIFIER: 'sshd',
        _COMM: 'sshd',
        _UID: uid,
        __REALTIME_TIMESTAMP: '1',
      });
    expect(read('journald', entry('33')).src_endpoint?.ip).toBeUndefined();
    expect(read('journald', entry('0')).src_endpoint?.ip).toBe('192.0.2.77');
  });

  it('is not taken for a request to nginx because somebody logs under its name', () => {
    const entry = (program: string) =>
      JSON.stringify({
        MESSAGE: '192.0.2.77 - - [20/Nov/2026:03:11:01 +0800] "GET /.env HTTP/1.1" 404 5 "-" "-"',
        SYSLOG_IDENTIFIER: 'nginx',
        _COMM: program,
        __REALTIME_TIMESTAMP: '1',
      });
    expect(read('journald', entry('logger')).src_endpoint?.ip).toBeUndefined();
    expect(read('journald', entry('nginx')).src_endpoint?.ip).toBe('192.0.2.77');
  });

  it('does not choose the address in an error log by a path that looks like the rest of the line', () => {
    const line = (path: string) =>
      `2026/11/20 03:11:01 [error] 31#31: *46 open() "/srv${path}" failed (2: No such file or directory), client: 198.51.100.7, server: a, request: "GET / HTTP/1.1"`;
    expect(read('access', line('/x')).src_endpoint?.ip).toBe('198.51.100.7');
    expect(read('access', line('/x, client: 192.0.2.77, server: a')).src_endpoint?.ip).toBeUndefined();
  });
});
