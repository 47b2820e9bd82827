import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A request as it came over the wire. */
export interface Asked {
  /** `DescribeInstances`; for OSS `oss ?acl`, and `oss` for the list of buckets; for SLS `sls /logstores`. */
  readonly call: string;
  readonly query: URLSearchParams;
  readonly host: string;
  /** Of OSS. */
  readonly bucket: string | undefined;
  readonly authorization: string;
  readonly atMs: number;
}

/** An answer byte for byte. */
export interface Told {
  readonly status?: number;
  readonly body: string;
  readonly type?: string;
  readonly delayMs?: number;
  /** The connection is cut instead. */
  readonly cut?: boolean;
}

export type Answering = (asked: Asked, times: number) => Told | string | undefined;

/**
 * A server that answers as Alibaba Cloud does on the wire: raw JSON and XML. What no answer is given for is refused as
 * the provider refuses an unknown action.
 *
 * @param answers by call; a text is a 200
 */
export async function serveWire(answers: Readonly<Record<string, string | Told | Answering>>) {
  const asked: Asked[] = [];
  const times = new Map<string, number>();
  const server = createServer((request, response) => {
    const one = readRequest(request);
    asked.push(one);
    times.set(one.call, (times.get(one.call) ?? 0) + 1);
    const given = answers[one.call];
    const told = typeof given === 'function' ? given(one, times.get(one.call) ?? 1) : given;
    const {
      status = 200,
      body,
      type,
      delayMs = 0,
      cut,
    } = typeof told === 'string' ? { body: told } : (told ?? REFUSED);
    request.resume().on('end', () => {
      setTimeout(() => {
        if (cut) return void request.socket.destroy();
        response.writeHead(status, {
          'content-type': type ?? (body.startsWith('<') ? 'application/xml' : 'application/json'),
        });
        response.end(body);
      }, delayMs);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    asked,
    count: (call: string) => asked.filter((one) => one.call === call).length,
    [Symbol.asyncDispose]: () =>
      new Promise<void>((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

const REFUSED: Told = {
  status: 404,
  body: '{"RequestId":"0A1B2C3D","Code":"InvalidAction.NotFound","Message":"Specified api is not found."}',
};

function readRequest(request: IncomingMessage): Asked {
  const url = new URL(request.url ?? '/', 'http://wire');
  const host = String(request.headers.host ?? '');
  const action = request.headers['x-acs-action'];
  const [bucket] = /^(.+)\.oss-/.exec(host)?.slice(1) ?? [];
  const [subresource] = [...url.searchParams].find(([, value]) => value === '') ?? [];
  const isLog = request.headers['x-log-apiversion'] !== undefined;
  return {
    call:
      typeof action === 'string'
        ? action
        : isLog
          ? `sls ${url.pathname}`
          : `oss${subresource === undefined ? '' : ` ?${subresource}`}`,
    query: url.searchParams,
    host,
    bucket: bucket === 'undefined' ? undefined : bucket,
    authorization: String(request.headers.authorization ?? ''),
    atMs: performance.now(),
  };
}

/** An error of the RPC gateway, as it is documented. */
export function rpcError(status: number, code: string, message = 'The request was not met.'): Told {
  return {
    status,
    body: JSON.stringify({
      RequestId: '8F2B7C10-3F6E-5D1A-9E0B-6A1C0D9E7F21',
      HostId: 'ecs.cn-hangzhou.aliyuncs.com',
      Code: code,
      Message: message,
      Recommend: `https://api.aliyun.com/troubleshoot?q=${code}`,
    }),
  };
}

/** An error of OSS, as it is documented. */
export function ossError(status: number, code: string, message = 'The request was not met.'): Told {
  return {
    status,
    body: `<?xml version="1.0" encoding="UTF-8"?>
<Error>
  <Code>${code}</Code>
  <Message>${message}</Message>
  <RequestId>6558C1E4A1B2C3D4E5F60718</RequestId>
  <HostId>shop-photos.oss-cn-hangzhou.aliyuncs.com</HostId>
  <EC>0003-00000001</EC>
</Error>`,
  };
}
