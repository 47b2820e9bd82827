import { createSocket } from 'node:dgram';

/**
 * Two ends of a UDP trickle, for `block-latency.ts`. `send TARGET PORT FROM` sends a packet a millisecond from one of its
 * addresses until it is killed; `receive PORT` answers each line `ADDRESS` on standard input with when (monotonic
 * nanoseconds, one clock for all processes) the last packet of that address came, and how many came.
 */
const [mode, ...argv] = process.argv.slice(2);
if (mode === 'send') send(argv[0] ?? '', Number(argv[1]), argv[2] ?? '');
else receive(Number(argv[0]));

function send(target: string, port: number, from: string): void {
  const socket = createSocket('udp4');
  socket.bind(0, from, () => setInterval(() => socket.send('x', port, target), 1));
}

function receive(port: number): void {
  const last = new Map<string, { atNs: bigint; packets: number }>();
  const socket = createSocket('udp4');
  socket.on('message', (_packet, { address }) => {
    last.set(address, { atNs: process.hrtime.bigint(), packets: (last.get(address)?.packets ?? 0) + 1 });
  });
  socket.bind(port, () => process.stdout.write('ready\n'));
  process.stdin.on('data', (asked: Buffer) => {
    for (const address of asked.toString().split('\n').filter(Boolean)) {
      const { atNs = 0n, packets = 0 } = last.get(address) ?? {};
      process.stdout.write(`${address} ${atNs} ${packets}\n`);
    }
  });
}
