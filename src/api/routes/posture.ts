import { z } from 'zod';
import { scanSchema } from '#model/scan.ts';
import {
  answersBodySchema,
  findingFilterSchema,
  findingListSchema,
  frameworkListSchema,
  frameworkPageSchema,
  postureScoreSchema,
  roadMapSchema,
  scanBodySchema,
  scanFilterSchema,
  scanListSchema,
} from '../posture-schemas.ts';
import { idParamsSchema } from '../schemas.ts';
import type { Api, RouteContext } from './route.ts';

/** A scan of a large account with its findings. */
const SCAN_LIMIT_BYTES = 32 * 1024 * 1024;

/** Weak spots: scans, findings, score, frameworks, and what to do next. */
export function postureRoutes(api: Api, { services }: RouteContext): void {
  const administrator = { config: { role: 'administrator' } } as const;
  const { posture } = services;

  api.post(
    '/posture/scans',
    {
      ...administrator,
      bodyLimit: SCAN_LIMIT_BYTES,
      schema: { body: scanBodySchema, response: { 200: z.object({ id: z.string() }) } },
    },
    (request) => posture.keep(request.body, request.actor),
  );
  api.get(
    '/posture/scans',
    { ...administrator, schema: { querystring: scanFilterSchema, response: { 200: scanListSchema } } },
    async (request) => ({ items: [...(await posture.scans(request.query))] }),
  );
  api.get(
    '/posture/scans/:id',
    { ...administrator, schema: { params: idParamsSchema, response: { 200: scanSchema } } },
    (request) => posture.scan(request.params.id),
  );
  api.get(
    '/posture/findings',
    { ...administrator, schema: { querystring: findingFilterSchema, response: { 200: findingListSchema } } },
    (request) => posture.findings(request.query),
  );
  api.get('/posture/score', { ...administrator, schema: { response: { 200: postureScoreSchema } } }, () =>
    posture.score(),
  );
  api.get('/posture/frameworks', { ...administrator, schema: { response: { 200: frameworkListSchema } } }, () =>
    posture.frameworks(),
  );
  api.get(
    '/posture/frameworks/:id',
    { ...administrator, schema: { params: idParamsSchema, response: { 200: frameworkPageSchema } } },
    (request) => posture.framework(request.params.id),
  );
  api.get('/posture/road-map', { ...administrator, schema: { response: { 200: roadMapSchema } } }, () =>
    posture.roadMap(),
  );
  api.put(
    '/posture/answers',
    { ...administrator, schema: { body: answersBodySchema, response: { 200: roadMapSchema } } },
    (request) => posture.answer(request.body, request.actor),
  );
}
