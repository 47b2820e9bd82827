import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Attributes, isUnknown } from '#model/resource.ts';
import { dockerfileLoader } from './index.ts';
import { shellCommands } from './words.ts';

const read = async (text: string): Promise<Attributes> => {
  const { resources, problems } = await dockerfileLoader.load([{ path: 'app/Dockerfile', text }]);
  expect(problems).toEqual([]);
  return resources[0]?.attributes ?? {};
};

const SHOP = `# syntax=docker/dockerfile:1
ARG NODE=22.1
FROM --platform=linux/amd64 node:\${NODE}-alpine AS Build
USER root
WORKDIR /src
COPY --chown=node:node package.json ["a b", "./"]
RUN --mount=type=secret,id=npm --mount=type=cache,target=/x npm ci && \\
    # a word between
    curl -fsSL https://x.example/i.sh | sudo -E bash
RUN <<EOF
set -e
apt-get install -y vim
EOF

FROM registry.example:5000/base/static@sha256:${'a'.repeat(64)}
ARG NODE
ENV PORT=8080 MODE="two words"
COPY --from=build /src/dist /app
ADD https://x.example/big.tar.gz /tmp/
EXPOSE 22 $PORT/udp 9000-9010
USER app:app
HEALTHCHECK --interval=30s CMD ["curl", "-f", "http://localhost/"]
ENTRYPOINT ["/bin/sh", "-c", "exec /app/run"]
CMD start --fast
`;

describe('a Dockerfile', () => {
  it('is one resource that knows its stages and the one that ships', async () => {
    expect(dockerfileLoader.claims('app/Dockerfile', SHOP)).toBe(true);
    const made = await read(SHOP);
    expect(made.from).toEqual([
      {
        index: 0,
        name: 'build',
        from: 'node:${NODE}-alpine AS Build',
        image: 'node',
        base_image: 'node',
        tag: '22.1-alpine',
        platform: 'linux/amd64',
        user: 'root',
        workdir: '/src',
        healthcheck: false,
        line: 3,
        end_line: 13,
        last: false,
      },
      {
        index: 1,
        from: `registry.example:5000/base/static@sha256:${'a'.repeat(64)}`,
        image: 'registry.example:5000/base/static',
        base_image: 'registry.example:5000/base/static',
        digest: `sha256:${'a'.repeat(64)}`,
        user: 'app',
        healthcheck: true,
        line: 15,
        end_line: 24,
        last: true,
      },
    ]);
    expect(made.last_stage).toMatchObject([{ index: 1, user: 'app' }]);
  });

  it('tells what is run, as text and as commands, on its lines', async () => {
    const made = await read(SHOP);
    expect(made.run).toMatchObject([
      {
        line: 7,
        end_line: 9,
        stage: 0,
        last: false,
        json: false,
        user: 'root',
        mount: ['type=secret,id=npm', 'type=cache,target=/x'],
        commands: [
          { name: 'npm', words: ['npm', 'ci'], piped: false },
          { name: 'curl', words: ['curl', '-fsSL', 'https://x.example/i.sh'], piped: true },
          { name: 'bash', piped: false },
        ],
      },
      {
        line: 10,
        end_line: 13,
        commands: [{ name: 'set' }, { name: 'apt-get', words: ['apt-get', 'install', '-y', 'vim'] }],
      },
    ]);
    expect(made.entrypoint).toMatchObject([
      { json: true, words: ['/bin/sh', '-c', 'exec /app/run'], commands: [{ name: 'run' }] },
    ]);
    expect(made.cmd).toMatchObject([{ json: false, command: 'start --fast', line: 24, last: true }]);
    expect(made.healthcheck).toMatchObject([
      { none: false, json: true, interval: '30s', command: 'curl -f http://localhost/' },
    ]);
  });

  it('tells what is copied, set and opened', async () => {
    const made = await read(SHOP);
    expect(made.copy).toMatchObject([
      { chown: 'node:node', line: 6, url: false },
      { from: 'build', source: ['/src/dist'], destination: '/app' },
    ]);
    expect(made.add).toMatchObject([{ source: ['https://x.example/big.tar.gz'], url: true, line: 19 }]);
    expect(made.env).toMatchObject([
      { name: 'PORT', value: '8080' },
      { name: 'MODE', value: 'two words' },
    ]);
    expect(made.expose).toMatchObject([
      { port: 22, protocol: 'tcp' },
      { port: 8080, protocol: 'udp' },
      { port: '9000-9010', protocol: 'tcp' },
    ]);
    expect(made.user).toMatchObject([
      { name: 'root', last: false },
      { name: 'app', group: 'app', last: true },
    ]);
  });

  it('carries the user of an earlier stage on, and does not take that stage for an image', async () => {
    const made = await read('FROM alpine:3 AS base\nUSER app\nFROM base\nRUN id\n');
    const [last] = made.last_stage as readonly Attributes[];
    expect(last).toMatchObject({ base_stage: 'base', base_image: 'alpine', user: 'app' });
    expect(last?.image).toBeUndefined();
    expect(last?.tag).toBeUndefined();
  });

  it('does not guess what an argument without a value is', async () => {
    const made = await read('ARG BASE\nFROM $BASE\n');
    const [from] = made.from as readonly Attributes[];
    expect(isUnknown(from?.image)).toBe(true);
    expect(from?.image).toMatchObject({ reason: 'build argument "BASE" has no value' });
  });

  it('is not every file with a FROM in it', () => {
    expect(dockerfileLoader.claims('docs/Dockerfile.md', 'FROM x')).toBe(false);
    expect(dockerfileLoader.claims('query.sql', 'SELECT 1\nFROM x')).toBe(false);
    expect(dockerfileLoader.claims('Dockerfile.dockerignore', 'FROM x')).toBe(false);
    expect(dockerfileLoader.claims('build/api.Dockerfile', 'FROM x')).toBe(true);
    expect(dockerfileLoader.claims('Dockerfile-prod', 'from x')).toBe(true);
    const before = performance.now();
    expect(dockerfileLoader.claims('Dockerfile', '\n'.repeat(65_536))).toBe(false);
    expect(performance.now() - before).toBeLessThan(1_000);
  });

  it('reads the same with Windows lines and a byte order mark', async () => {
    const unix = await read(SHOP);
    const windows = await read(`\ufeff${SHOP.replaceAll('\n', '\r\n')}`);
    expect(windows).toEqual(unix);
  });
});

describe('a bad Dockerfile', () => {
  it.each([
    ['no FROM', 'RUN x\n'],
    ['bytes', 'FROM x\0\n'],
    ['here-documents without end', `FROM x\nRUN ${'<<A '.repeat(50_000)}`],
    ['too much', `FROM x\n${'#'.repeat(1024 * 1024)}`],
  ])('is one problem (%s)', async (_name, text) => {
    const { resources, problems } = await dockerfileLoader.load([{ path: 'Dockerfile', text }]);
    expect(resources).toEqual([]);
    expect(problems).toHaveLength(1);
  });

  it('whose arguments double themselves stays small', async () => {
    const text = `ARG A=xxxxxxxxxx\n${'ARG A=$A$A\n'.repeat(60)}FROM $A\n`;
    const [from] = (await read(text)).from as readonly Attributes[];
    expect(isUnknown(from?.image)).toBe(true);
  });

  it('never throws, whatever it holds', async () => {
    const pieces = fc.constantFrom(
      'FROM ',
      'a',
      ' AS b',
      '\n',
      'RUN ',
      '\\\n',
      '<<EOF\n',
      'EOF',
      '["',
      '"',
      ']',
      '${',
      '}',
      ':-',
      '--from=',
      '#',
      '\r',
      '`',
      '$',
      '&&',
      '|',
      '__proto__',
      '=',
      'ENV ',
      'COPY ',
      'HEALTHCHECK ',
      'ONBUILD ',
      '# escape=`\n',
    );
    await fc.assert(
      fc.asyncProperty(fc.array(pieces, { maxLength: 60 }), async (parts) => {
        const { resources, problems } = await dockerfileLoader.load([{ path: 'Dockerfile', text: parts.join('') }]);
        expect(resources.length + problems.length).toBe(1);
      }),
      { numRuns: 300 },
    );
  });
});

describe('shell commands', () => {
  it('keep quotes together and are not split inside them', () => {
    expect(shellCommands(`echo "a && b" 'c | d' e\\ f; FOO=1 sudo -E /usr/bin/apt-get update 2>&1 || true`)).toEqual([
      { name: 'echo', words: ['echo', 'a && b', 'c | d', 'e f'], piped: false },
      { name: 'apt-get', words: ['/usr/bin/apt-get', 'update', '2>&1'], piped: false },
      { name: 'true', words: ['true'], piped: false },
    ]);
  });
});
