import { connect, createServer } from 'node:net';

/**
 * Two ends of a TCP trickle, for `block-latency.ts`. `send TARGET PORT FROM` writes a byte a millisecond into one connection
 * from one of its addresses until it is killed; `receive PORT` answers each line `ADDRESS` on standard input with when
 * (monotonic nanoseconds, one clock for all processes) the last byte of that address came, and how many came.
 */
const [mode, ...argv] = process.argv.slice(2);
if (mode === 'send') send(argv[0] ?? '', Number(argv[1]), argv[2] ?? '');
else receive(Number(argv[0]));

function send(host: string, port: number, localAddress: string): void {
  const socket = connect({ host, port, localAddress, noDelay: true });
  const trickle = setInterval(() => socket.write('x'), 1);
  // Blocked with a refusal: no more can be sent, which is what is measured.
  socket.on('error', () => clearInterval(trickle));
}

function receive(port: number): void {
  const last = new Map<string, { atNs: bigint; bytes: number }>();
  const server = createServer((socket) => {
    const address = socket.remoteAddress ?? '';
    socket.on('error', () => socket.destroy());
    socket.on('data', (bytes) => {
      last.set(address, {
        atNs: process.hrtime.bigint(),
        bytes: (last.get(address)?.bytes ?? 0) + bytes.length,
      });
    });
  });
  server.listen(port, '0.0.0.0', () => process.stdout.write('ready\n'));
  process.stdin.on('data', (asked: Buffer) => {
    for (const address of asked.toString().split('\n').filter(Boolean)) {
      const { atNs = 0n, bytes = 0 } = last.get(address) ?? {};
      process.stdout.write(`${address} ${atNs} ${bytes}\n`);
    }
  });
}
