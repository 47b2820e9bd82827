import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A request as it came over the wire. */
export interface Asked {
  /**
   * Action of the query and JSON protocols (`ec2 DescribeInstances`); of REST the service, method and path (`lambda GET
   * /2015-03-31/functions`). Of S3 the sub-resource, `s3 ?acl`, and `s3` for the list of buckets.
   */
  readonly call: string;
  /** Of the query string and, in the query protocol, of the body. */
  readonly query: URLSearchParams;
  readonly body: string;
  /** As it was signed for. */
  readonly region: string;
  /** Of S3. */
  readonly bucket: string | undefined;
  readonly headers: IncomingMessage['headers'];
}

/** An answer byte for byte. */
export interface Told {
  readonly status?: number;
  readonly body: string;
  readonly type?: string;
  readonly delayMs?: number;
  readonly headers?: Readonly<Record<string, string>>;
  /** The connection is cut instead. */
  readonly cut?: boolean;
}

export type Answering = (asked: Asked, times: number) => Told | string | undefined;
export type Answers = Readonly<Record<string, string | Told | Answering>>;

/**
 * A server that answers as AWS does on the wire: raw XML and JSON. What no answer is given for is refused as an action
 * that does not exist.
 *
 * @param answers by call; a text is a 200
 */
export async function serveWire(answers: Answers) {
  const asked: Asked[] = [];
  const times = new Map<string, number>();
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const one = readRequest(request, Buffer.concat(chunks).toString('utf8'));
      asked.push(one);
      times.set(one.call, (times.get(one.call) ?? 0) + 1);
      const given = answers[one.call];
      const told = typeof given === 'function' ? given(one, times.get(one.call) ?? 1) : given;
      const {
        status = 200,
        body,
        type,
        delayMs = 0,
        headers = {},
        cut,
      } = typeof told === 'string' ? { body: told } : (told ?? REFUSED);
      setTimeout(() => {
        if (cut) return void request.socket.destroy();
        response.writeHead(status, {
          'content-type': type ?? (body.startsWith('<') ? 'text/xml' : 'application/x-amz-json-1.1'),
          'x-amzn-requestid': '7a1f4e2c-0d3b-4c56-9a8e-1b2c3d4e5f60',
          ...headers,
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
  status: 400,
  body: '<ErrorResponse><Error><Type>Sender</Type><Code>InvalidAction</Code><Message>Could not find operation</Message></Error><RequestId>1</RequestId></ErrorResponse>',
};

function readRequest(request: IncomingMessage, body: string): Asked {
  const url = new URL(request.url ?? '/', 'http://wire');
  const [, region = '', service = ''] =
    /Credential=[^/]+\/\d{8}\/([^/]+)\/([^/]+)\//.exec(String(request.headers.authorization ?? '')) ?? [];
  const target = request.headers['x-amz-target'];
  const form = /urlencoded/.test(String(request.headers['content-type'])) ? new URLSearchParams(body) : undefined;
  const [, bucket] = service === 's3' ? url.pathname.split('/') : [];
  const query = new URLSearchParams([...url.searchParams, ...(form ?? [])]);
  return { call: callOf(), query, body, region, bucket: bucket === '' ? undefined : bucket, headers: request.headers };

  function callOf(): string {
    if (typeof target === 'string') return `${service} ${target.replace(/^.*\./, '')}`;
    if (form !== undefined) return `${service} ${form.get('Action') ?? ''}`;
    if (service !== 's3') return `${service} ${request.method} ${decodeURIComponent(url.pathname)}`;
    if (url.pathname.startsWith('/v20180820/')) return `s3-control ${url.pathname.slice('/v20180820/'.length)}`;
    const [subresource] = [...url.searchParams].find(([name, value]) => value === '' && name !== 'x-id') ?? [];
    return subresource === undefined ? 's3' : `s3 ?${subresource}`;
  }
}

/** An error of the query protocol: IAM, STS, RDS and others. */
export function queryError(status: number, code: string, message = 'The request was not met.'): Told {
  return {
    status,
    body: `<ErrorResponse xmlns="https://iam.amazonaws.com/doc/2010-05-08/">
  <Error>
    <Type>Sender</Type>
    <Code>${code}</Code>
    <Message>${message}</Message>
  </Error>
  <RequestId>0f3c2b1a-4d5e-4f60-8a9b-0c1d2e3f4a5b</RequestId>
</ErrorResponse>`,
  };
}

/** An error of EC2, which has its own form. */
export function ec2Error(status: number, code: string, message = 'The request was not met.'): Told {
  return {
    status,
    body: `<?xml version="1.0" encoding="UTF-8"?>
<Response><Errors><Error><Code>${code}</Code><Message>${message}</Message></Error></Errors><RequestID>5e2d1c0b-9a8f-4e7d-8c6b-5a4f3e2d1c0b</RequestID></Response>`,
  };
}

/** An error of S3. */
export function s3Error(status: number, code: string, message = 'The request was not met.'): Told {
  return {
    status,
    type: 'application/xml',
    body: `<?xml version="1.0" encoding="UTF-8"?>
<Error><Code>${code}</Code><Message>${message}</Message><RequestId>4B3A2C1D0E9F8A7B</RequestId><HostId>aGVsbG8=</HostId></Error>`,
  };
}

/** An error of the JSON protocols. */
export function jsonError(status: number, code: string, message = 'The request was not met.'): Told {
  return { status, body: JSON.stringify({ __type: code, message }), headers: { 'x-amzn-errortype': code } };
}
