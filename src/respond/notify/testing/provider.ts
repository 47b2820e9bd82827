import { createServer, type IncomingHttpHeaders, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface Received {
  readonly url: URL;
  readonly headers: IncomingHttpHeaders;
  readonly text: string;
  readonly body: Record<string, unknown>;
}

export interface ProviderAnswer {
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body: unknown;
}

/** What a provider makes of a request that reached it; `taken` is what its group shows. */
export type ProviderRules = (request: Received) => ProviderAnswer & { readonly taken: boolean };

export interface PretendProvider {
  readonly origin: string;
  /** What its group shows, oldest first. */
  readonly shown: readonly Received[];
  /** Everything that came, shown or not. */
  readonly asked: readonly Received[];
  /** `hang`: takes the message and never answers. A number: answers that status instead. */
  mood: 'well' | 'hang' | number;
  stop(): Promise<void>;
}

/** A server on loopback that behaves as a provider’s page says it does. */
export async function startProvider(rules: ProviderRules): Promise<PretendProvider> {
  const shown: Received[] = [];
  const asked: Received[] = [];
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const text = Buffer.concat(chunks).toString('utf8');
      const received: Received = {
        url: new URL(request.url ?? '/', 'http://provider'),
        headers: request.headers,
        text,
        body: JSON.parse(text) as Record<string, unknown>,
      };
      asked.push(received);
      answer(received, response);
    });
  });
  const provider: PretendProvider = {
    origin: '',
    shown,
    asked,
    mood: 'well',
    stop() {
      server.closeAllConnections();
      return new Promise((done) => server.close(() => done()));
    },
  };
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  return Object.assign(provider, { origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}` });

  function answer(received: Received, response: ServerResponse): void {
    if (typeof provider.mood === 'number') {
      response.writeHead(provider.mood).end('{}');
      return;
    }
    const { status = 200, headers = {}, body, taken } = rules(received);
    if (taken) shown.push(received);
    if (provider.mood === 'hang') return;
    response.writeHead(status, headers).end(typeof body === 'string' ? body : JSON.stringify(body));
  }
}

/** Counts messages within a window, by a clock of the test’s. */
export function countsPer(windowMs: number, most: number, now: () => number): () => boolean {
  const at: number[] = [];
  return () => {
    while (at[0] !== undefined && at[0] <= now() - windowMs) at.shift();
    at.push(now());
    return at.length <= most;
  };
}
