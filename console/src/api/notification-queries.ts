import { useQuery } from '@tanstack/react-query';
import { client } from './client.ts';
import { answerOf } from './failure.ts';
import type { NewChannel } from './shapes.ts';
import { SLOW_MS, useChange } from './use-change.ts';

export function useChannels() {
  return useQuery({
    queryKey: ['channels'],
    queryFn: () => answerOf(client.GET('/api/v1/notifications/channels')),
    refetchInterval: SLOW_MS,
  });
}

export function useDeadLetters() {
  return useQuery({
    queryKey: ['dead-letters'],
    queryFn: () => answerOf(client.GET('/api/v1/notifications/dead-letters')),
    refetchInterval: SLOW_MS,
  });
}

export function useMakeChannel() {
  return useChange(
    (body: NewChannel) => answerOf(client.POST('/api/v1/notifications/channels', { body })),
    'channels',
    'evidence',
  );
}

export function useDeleteChannel() {
  return useChange(
    (channel: string) =>
      answerOf(client.DELETE('/api/v1/notifications/channels/{channel}', { params: { path: { channel } } })),
    'channels',
    'dead-letters',
    'evidence',
  );
}

export function useTestChannel() {
  return useChange(
    (channel: string) =>
      answerOf(client.POST('/api/v1/notifications/channels/{channel}/test', { params: { path: { channel } } })),
    'channels',
    'evidence',
  );
}

export function useRetryMessage() {
  return useChange(
    (id: string) =>
      answerOf(client.POST('/api/v1/notifications/dead-letters/{id}/retry', { params: { path: { id } } })),
    'channels',
    'dead-letters',
    'evidence',
  );
}
