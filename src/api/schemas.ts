import { z } from 'zod';
import { actionSchema, respondModeSchema, verbSchema } from '#model/action.ts';
import {
  alertSchema,
  alertStatusSchema,
  bilingualSchema,
  levelSchema,
  SHOWN_STATUSES,
  storedAlertSchema,
} from '#model/alert.ts';
import { DROP_REASONS } from '#model/batch.ts';
import { LOG_SOURCES, SOURCE_FORMATS, storedEventSchema } from '#model/event.ts';
import { evidenceSchema } from '#model/evidence.ts';
import { exceptionSchema } from '#model/exception.ts';

/** What goes in and out over HTTP, where the model has no word for it. The OpenAPI document is made from these. */

export const errorSchema = z.object({
  code: z.string().describe('A code of the error table, `BTZ_…`'),
  message: z.string(),
  remedy: z.string().describe('What to do next'),
});

export const sessionSchema = z.object({
  state: z.enum(['setup', 'signed_out', 'signed_in']).describe('`setup`: no administrator exists yet'),
  user: z.object({ name: z.string(), role: z.literal('administrator') }).optional(),
});

const nameSchema = z
  .string()
  .trim()
  .regex(/^[\p{L}\p{N}._@-]{1,64}$/u, 'Letters, digits and . _ @ - only, at most 64');

export const setupBodySchema = z.object({
  token: z.string().max(200),
  name: nameSchema,
  password: z.string().min(10).max(200),
});
export const signInBodySchema = z.object({ name: z.string().max(64), password: z.string().max(200) });

/** Query strings are text. */
const wholeNumber = z.coerce.number().int().nonnegative();
export const rangeQuerySchema = z.object({
  from: wholeNumber.describe('Epoch ms'),
  to: wholeNumber.describe('Epoch ms'),
});

export const overviewSchema = z.object({
  version: z.string(),
  nowMs: z.number(),
  respond: respondModeSchema,
  firewall: z.object({ available: z.boolean(), problem: z.string().optional() }),
  openAlerts: z.record(levelSchema, z.number()),
  hiddenAlerts: z.number().describe('Alerts of the last 30 days that exceptions hide'),
  heldBackAlerts: z.number().describe('Alerts of the last 24 hours that are folded, because one rule raised too many'),
  hasDemo: z.boolean(),
  events: z.object({
    received: z.number(),
    stored: z.number(),
    dropped: z.number(),
    detected: z.number().describe('Share of the journal that detection has read, 0–1'),
    searchable: z.number().describe('Share of the journal that the lake holds, 0–1'),
    perSecond: z.number().describe('Received, over the last 10 s'),
  }),
  blocked: z.number().describe('Addresses that the kernel drops now'),
  askedActions: z.number().describe('Proposed blocks that wait for a person'),
  evidence: z.object({ size: z.number(), checkpointMs: z.number() }),
  lake: z.object({ state: z.enum(['ready', 'starting', 'failed']), rows: z.number(), bytes: z.number() }),
  todo: z
    .array(z.object({ id: z.string(), kind: z.string(), level: levelSchema, subject: z.string(), link: z.string() }))
    .describe('At most three things to do today, the most important first'),
});

export const chartsQuerySchema = rangeQuerySchema.extend({
  bucket: z.coerce.number().int().min(1000).describe('Milliseconds'),
});
export const chartsSchema = z.object({
  events: z.array(z.object({ bucketMs: z.number(), source: z.enum(LOG_SOURCES), count: z.number() })),
  alerts: z.array(z.object({ bucketMs: z.number(), level: levelSchema, count: z.number() })),
});

export const alertsQuerySchema = z.object({
  status: alertStatusSchema.optional().describe('Without it, what is neither hidden nor held back'),
  minLevel: levelSchema.optional(),
  text: z.string().max(200).optional(),
  rule: z.string().max(200).optional().describe('Id of the rule'),
  exception: z.string().max(100).optional().describe('Id of the exception that hides it'),
  limit: z.coerce.number().int().min(1).max(200).default(50),
  offset: wholeNumber.default(0),
});
/** As far back as what is put away is counted. */
export const HIDDEN_SPAN_MS = 30 * 86_400_000;
export const HELD_BACK_SPAN_MS = 86_400_000;
const repeatsSchema = z
  .object({ count: z.number(), lastMs: z.number() })
  .optional()
  .describe('Alerts of the same cause that are folded into this one, because a person made it quiet');
export const alertListSchema = z.object({
  items: z.array(storedAlertSchema.extend({ repeats: repeatsSchema })),
  total: z.number(),
  hidden: z.number().describe('Alerts of the last 30 days that exceptions hide'),
  heldBack: z
    .array(z.object({ ruleId: z.string(), title: bilingualSchema, count: z.number(), sinceMs: z.number() }))
    .describe('Rules that raised too many within an hour: how many of the last 24 hours are folded, since when'),
  maintenance: z
    .array(
      z.object({ id: z.string(), reason: z.string(), hidden: z.number(), endsMs: z.number(), isOver: z.boolean() }),
    )
    .describe('Maintenance that has put alerts away, and runs or was over within the last 24 hours: they want a look'),
});
export const alertPageSchema = z.object({
  alert: storedAlertSchema.extend({ repeats: repeatsSchema }),
  exception: exceptionSchema.optional().describe('What hides it'),
  quiet: exceptionSchema.optional().describe('What keeps its repetitions quiet at the moment'),
  actions: z.array(actionSchema),
  evidence: z.array(evidenceSchema).describe('Leaves about this alert and its actions, newest first'),
});
export const alertStatusBodySchema = z.object({ status: z.enum(SHOWN_STATUSES) });

export const targetSchema = z.string().max(64).describe('IP address or CIDR range');
export const planSchema = z.object({
  target: z.string(),
  allowed: z.boolean(),
  refusal: errorSchema.optional(),
  commands: z.array(z.string()).describe('What would be given to the kernel'),
  addresses: z.string().describe('How many addresses it covers'),
  connections: z.number().describe('Established connections from it at the moment'),
});
export const planBodySchema = z.object({ target: targetSchema });
export const blockBodySchema = z.object({
  target: targetSchema,
  alertId: z.string().max(100).optional(),
  durationMs: z
    .number()
    .int()
    .min(60_000)
    .max(30 * 86_400_000)
    .optional(),
  dryRun: z.boolean().default(false),
});
export const actionsQuerySchema = z.object({
  verb: verbSchema.optional(),
  state: z.enum(['asked', 'live', 'ended', 'all']).default('all'),
  limit: z.coerce.number().int().min(1).max(500).default(100),
});
export const actionListSchema = z.object({ items: z.array(actionSchema) });
export { actionSchema };

export const eventsQuerySchema = rangeQuerySchema.extend({
  source: z.enum(LOG_SOURCES).optional(),
  text: z.string().max(500).optional(),
  where: z
    .union([z.string(), z.array(z.string())])
    .optional()
    .describe(
      'Conditions `field=value`, `field!=value`, `field~value` (contains), `field^value` (starts), `field$value` (ends), `field?` (exists)',
    ),
  limit: z.coerce.number().int().min(1).max(1000).default(100),
  before: z.string().max(200).optional(),
});
export const eventPageSchema = z.object({ items: z.array(storedEventSchema), next: z.string().optional() });

export const sourceSchema = z.object({
  stream: z.string(),
  format: z.enum(SOURCE_FORMATS),
  status: z.enum(['watching', 'waiting', 'no_permission', 'error', 'stopped']),
  detail: z.string().describe('Why, and what to do; empty when all is well'),
  received: z.number(),
  stored: z.number(),
  bytes: z.number(),
  dropped: z.partialRecord(z.enum(DROP_REASONS), z.number()),
  lastReceivedMs: z.number(),
});
export const sourceListSchema = z.object({ items: z.array(sourceSchema) });

export const tokenSchema = z.object({
  id: z.string(),
  name: z.string(),
  createdMs: z.number(),
  revokedMs: z.number().optional(),
});
export const tokenListSchema = z.object({ items: z.array(tokenSchema) });
export const newTokenBodySchema = z.object({ name: nameSchema });
export const newTokenSchema = tokenSchema.extend({ secret: z.string().describe('Shown this once') });

export const settingsSchema = z.object({
  respond: respondModeSchema,
  blockDurationMs: z
    .number()
    .int()
    .min(60_000)
    .max(30 * 86_400_000),
  allowList: z.array(z.string().max(64)).max(1000).describe('Addresses and ranges that are never blocked'),
  retentionDays: z.number().int().min(1).max(3650),
});
export const settingsBodySchema = settingsSchema.partial();

export const evidenceQuerySchema = z.object({ limit: z.coerce.number().int().min(1).max(500).default(100) });
export const evidenceListSchema = z.object({
  size: z.number(),
  checkpoint: z.string().describe('Signed note of the newest tree head'),
  verifierKey: z.string(),
  items: z.array(evidenceSchema),
});

export const ingestAnswerSchema = z.object({
  accepted: z.number(),
  dropped: z.partialRecord(z.enum(DROP_REASONS), z.number()),
});

export const drillStepSchema = z.object({
  step: z.enum(['sent', 'seen', 'alert', 'block', 'evidence']),
  ok: z.boolean(),
  afterMs: z.number().describe('Milliseconds since the first line was sent'),
  detail: z.string(),
});
export const drillSchema = z.object({ ok: z.boolean(), address: z.string(), steps: z.array(drillStepSchema) });

export const rulesSchema = z.object({
  rules: z.number(),
  correlations: z.number(),
  hash: z.string().describe('SHA-256 of what runs, wherever its files lie'),
  loadedMs: z.number(),
  isAsOnDisk: z.boolean().describe('False: the files have problems, and what runs is the last good set'),
  problemCount: z.number(),
  problems: z
    .array(
      z.object({
        file: z.string(),
        line: z.number(),
        ruleId: z.string().optional(),
        problem: z.string(),
        suggestion: z.string(),
      }),
    )
    .describe('The first 100'),
  trial: z
    .object({
      events: z.number(),
      isWhole: z.boolean().describe('False: there was no time for all of the last ten minutes'),
      noisy: z
        .array(z.object({ rule: z.string(), alerts: z.number() }))
        .describe('New or changed rules that would have raised more than 100 alerts; they run all the same'),
    })
    .optional()
    .describe('What the set would have done on the last ten minutes, before it was put to work'),
});

export const huntBodySchema = z.object({
  rules: z.array(z.string().min(1).max(200)).max(50).default([]).describe('Names or ids of rules that run'),
  files: z
    .array(z.object({ path: z.string().min(1).max(500), text: z.string().max(900_000) }))
    .max(50)
    .default([])
    .describe('New or changed rules, as the text of Sigma files'),
  sinceMs: wholeNumber.default(0).describe('Epoch ms; as far back as the journal goes without it'),
  untilMs: wholeNumber.optional().describe('Epoch ms; up to now without it'),
});
export const huntSummarySchema = z.object({
  id: z.string(),
  state: z.enum(['running', 'done', 'cancelled', 'failed']),
  rules: z.array(z.string()).describe('Rules that run'),
  files: z.array(z.string()).describe('Names of the files with new ones'),
  startedBy: z.string(),
  sinceMs: z.number(),
  untilMs: z.number().optional(),
  startedMs: z.number(),
  endedMs: z.number().optional(),
  share: z.number().describe('How much of the way is done, 0–1'),
  events: z.number(),
  count: z.number().describe('What the rules would have raised'),
  isWhole: z.boolean().describe('False: not all of the past was looked at (yet)'),
  problem: errorSchema.optional(),
});
export const huntListSchema = z.object({
  items: z.array(huntSummarySchema).describe('The last ten since the centre was started'),
});
export const huntSchema = huntSummarySchema.extend({
  found: z
    .array(alertSchema)
    .describe('The first 500; found in a hunt, so they are no alerts and nothing is done about them'),
});

export const okSchema = z.object({ ok: z.literal(true) });
export const idParamsSchema = z.object({ id: z.string().min(1).max(100) });
