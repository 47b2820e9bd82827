import { text } from 'node:stream/consumers';
import type { z } from 'zod';
import type { deadLetterListSchema } from '#api/notification-schemas.ts';
import { BartizanError } from '#kit/errors.ts';
import { terminalLanguage } from '#kit/locale.ts';
import type { ChannelView } from '#model/notification.ts';
import { askCentre } from './centre-client.ts';

interface ChannelOptions {
  readonly data?: string;
}

interface NewChannelOptions extends ChannelOptions {
  readonly kind: string;
  readonly level: string;
  readonly lang?: 'zh' | 'en';
  readonly consoleUrl?: string;
  readonly allowPrivate?: boolean;
}

/** `bartizan notify add NAME`: what is secret comes by standard input, so it stands in no history or process list. */
export async function addChannel(name: string, options: NewChannelOptions): Promise<void> {
  const [url = '', secret = ''] = (await text(process.stdin)).split('\n').map((line) => line.trim());
  if (url === '' && secret === '')
    throw new BartizanError('BTZ_USAGE', {
      problem: 'Give the webhook address, and on a second line the secret if there is one, on standard input.',
    });
  const channel = await askCentre<ChannelView>(options.data, 'POST', '/notifications/channels', {
    name,
    kind: options.kind,
    minLevel: options.level,
    language: options.lang ?? terminalLanguage(process.env),
    allowPrivate: options.allowPrivate === true,
    ...(url !== '' && { url }),
    ...(secret !== '' && { secret }),
    ...(options.consoleUrl !== undefined && { consoleUrl: options.consoleUrl }),
  });
  process.stdout.write(
    `${channel.name}: ${channel.kind} at ${channel.host}. Send a test message: ./bartizan notify test ${channel.name}\n`,
  );
}

/** `bartizan notify test CHANNEL`: exit 0 when the provider took the message. */
export async function testChannel(channel: string, { data }: ChannelOptions): Promise<void> {
  await askCentre(data, 'POST', `/notifications/channels/${encodeURIComponent(channel)}/test`);
  process.stdout.write(`${channel}: the provider took the test message. Look whether it is there.\n`);
}

/** `bartizan notify remove CHANNEL` */
export async function removeChannel(channel: string, { data }: ChannelOptions): Promise<void> {
  await askCentre(data, 'DELETE', `/notifications/channels/${encodeURIComponent(channel)}`);
  process.stdout.write(`${channel}: deleted\n`);
}

/** `bartizan notify list`: exit 1 when a message was given up. */
export async function listChannels({ data }: ChannelOptions): Promise<void> {
  const { items } = await askCentre<{ items: readonly ChannelView[] }>(data, 'GET', '/notifications/channels');
  for (const { name, kind, host, minLevel, waiting, problem } of items)
    process.stdout.write(
      `${name}: ${kind} at ${host}, ${minLevel} and above, ${waiting} waiting${problem ? ` (${problem})` : ''}\n`,
    );
  if (items.length === 0) process.stdout.write('No channel: nobody is told. Make one with ./bartizan notify add.\n');
  const dead = await askCentre<z.infer<typeof deadLetterListSchema>>(data, 'GET', '/notifications/dead-letters');
  for (const { id, createdMs, problem, count } of dead.items)
    process.stdout.write(`given up: ${id}, ${new Date(createdMs).toISOString()}, ${count} alert(s): ${problem}\n`);
  process.exitCode = dead.items.length > 0 ? 1 : 0;
}
