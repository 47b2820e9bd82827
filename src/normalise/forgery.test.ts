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
});
