import { spawn, spawnSync } from 'node:child_process';
import { type AddressInfo, createServer } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';

/** Whether AWS can be simulated here. */
export const hasMoto = spawnSync('moto_server', ['--help'], { stdio: 'ignore' }).status === 0;

/** An empty account on loopback, and keys in the environment that it takes. */
export async function startMoto(): Promise<{ readonly url: string; readonly stop: () => void }> {
  process.env['AWS_ACCESS_KEY_ID'] = 'AKIAMOTOMOTOMOTOMOTO';
  process.env['AWS_SECRET_ACCESS_KEY'] = 'moto-secret';
  process.env['AWS_EC2_METADATA_DISABLED'] = 'true';
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const server = spawn('moto_server', ['-H', '127.0.0.1', '-p', String(port)], { stdio: 'ignore' });
  await untilUp(url);
  return { url, stop: () => void server.kill() };
}

async function freePort(): Promise<number> {
  const probe = createServer();
  await new Promise<void>((resolve) => probe.listen(0, '127.0.0.1', resolve));
  const { port } = probe.address() as AddressInfo;
  await new Promise((resolve) => probe.close(resolve));
  return port;
}

async function untilUp(url: string): Promise<void> {
  for (let tries = 0; tries < 200; tries += 1) {
    const isUp = await fetch(url).then(
      () => true,
      () => false,
    );
    if (isUp) return;
    await sleep(100);
  }
}
