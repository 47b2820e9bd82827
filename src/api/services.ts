import type { z } from 'zod';
import type { BartizanError } from '#kit/errors.ts';
import type { Action, Repair } from '#model/action.ts';
import type { SourceFormat } from '#model/event.ts';
import type { NewEvidence } from '#model/evidence.ts';
import type { Exception } from '#model/exception.ts';
import type { ChannelView } from '#model/notification.ts';
import type { Scan, ScanSummary } from '#model/scan.ts';
import type { EventLake } from '#store/event-lake.ts';
import type { StateStore } from '#store/state-store.ts';
import type {
  exceptionBodySchema,
  exceptionChangeSchema,
  exceptionListSchema,
  exceptionProposalSchema,
  maintenanceBodySchema,
  maintenancePlanSchema,
  maintenanceProposalSchema,
} from './exception-schemas.ts';
import type {
  answersBodySchema,
  findingFilterSchema,
  findingListSchema,
  frameworkListSchema,
  frameworkPageSchema,
  postureScoreSchema,
  roadMapSchema,
  scanBodySchema,
  scanFilterSchema,
} from './posture-schemas.ts';
import type { repairBodySchema, repairKindsSchema } from './repair-schemas.ts';
import type { channelBodySchema, deadLetterListSchema } from './notification-schemas.ts';
import type { ruleCatalogSchema, rulePageSchema } from './rule-schemas.ts';
import type {
  drillSchema,
  huntBodySchema,
  huntSchema,
  huntSummarySchema,
  ingestAnswerSchema,
  overviewSchema,
  rulesSchema,
  settingsSchema,
  sourceSchema,
} from './schemas.ts';

/** What the HTTP layer needs of the rest; the composition root gives it. */
export interface ApiServices {
  readonly state: StateStore;
  readonly lake: Pick<EventLake, 'search' | 'histogram'>;
  readonly evidence: EvidenceService;
  readonly responder: ResponderService;
  readonly repairs: RepairService;
  readonly exceptions: ExceptionService;
  readonly rules: {
    status(): z.infer<typeof rulesSchema>;
    reload(actor: string): Promise<z.infer<typeof rulesSchema>>;
  };
  readonly ruleCatalog: RuleCatalogService;
  readonly posture: PostureService;
  readonly notifications: NotificationService;
  readonly hunts: {
    start(request: z.infer<typeof huntBodySchema>, actor: string): Promise<z.infer<typeof huntSchema>>;
    /** The latest first, without what they found. */
    list(): readonly z.infer<typeof huntSummarySchema>[];
    get(id: string): z.infer<typeof huntSchema>;
    cancel(id: string): Promise<z.infer<typeof huntSchema>>;
  };
  readonly overview: () => Promise<z.infer<typeof overviewSchema>>;
  readonly sources: () => Promise<readonly z.infer<typeof sourceSchema>[]>;
  readonly settings: {
    get(): Settings;
    /** Checks, keeps, applies, and leaves evidence. */
    change(change: Partial<Settings>, actor: string): Promise<Settings>;
  };
  readonly ingest: (input: IngestInput) => Promise<z.infer<typeof ingestAnswerSchema>>;
  readonly drill: (actor: string) => Promise<z.infer<typeof drillSchema>>;
  /** Secret of the local command line, kept in the data folder with mode 0600. */
  readonly localSecretHash: () => string;
  readonly clock: () => number;
}

export type Settings = z.infer<typeof settingsSchema>;
/** What a block would do, and whether the guard lets it. */
export interface BlockPlan {
  readonly target: string;
  readonly allowed: boolean;
  readonly refusal?: BartizanError;
  readonly commands: readonly string[];
  readonly addresses: string;
  readonly connections: number;
}

export interface EvidenceService {
  record(leaves: readonly NewEvidence[]): Promise<void>;
  status(): {
    readonly size: number;
    readonly checkpointMs: number;
    readonly checkpoint: string;
    readonly verifierKey: string;
  };
}

export type NewException = z.infer<typeof exceptionBodySchema>;
export type ExceptionChange = z.infer<typeof exceptionChangeSchema>;
export type MaintenancePlan = z.infer<typeof maintenancePlanSchema>;
export type ExceptionProposal = Omit<z.infer<typeof exceptionProposalSchema>, 'refusal'> & {
  readonly refusal?: BartizanError;
};
export type MaintenanceProposal = Omit<z.infer<typeof maintenanceProposalSchema>, 'refusal'> & {
  readonly refusal?: BartizanError;
};

export interface ExceptionService {
  /** What an exception from this alert would hide; the narrowest one, or the cause if quiet, when no scope is given. */
  propose(
    alertId: string,
    kind: NewException['kind'],
    scope?: Readonly<Record<string, string>>,
  ): Promise<ExceptionProposal>;
  proposeMaintenance(plan: MaintenancePlan): Promise<MaintenanceProposal>;
  create(exception: NewException, owner: string): Promise<Exception>;
  plan(maintenance: z.infer<typeof maintenanceBodySchema>, owner: string): Promise<Exception>;
  change(id: string, change: ExceptionChange, actor: string): Promise<Exception>;
  list(): Promise<z.infer<typeof exceptionListSchema>['items']>;
  end(id: string, actor: string): Promise<Exception>;
}

export interface RuleCatalogService {
  list(): Promise<z.infer<typeof ruleCatalogSchema>>;
  /** Throws BTZ_NOT_FOUND. */
  get(id: string): Promise<z.infer<typeof rulePageSchema>>;
}

export interface PostureService {
  /** Keeps a scan with its findings and a leaf. */
  keep(body: z.infer<typeof scanBodySchema>, actor: string): Promise<{ readonly id: string }>;
  scans(filter: z.infer<typeof scanFilterSchema>): Promise<readonly ScanSummary[]>;
  /** Throws BTZ_NOT_FOUND, as those below do. */
  scan(id: string): Promise<Scan>;
  findings(filter: z.infer<typeof findingFilterSchema>): Promise<z.infer<typeof findingListSchema>>;
  score(): Promise<z.infer<typeof postureScoreSchema>>;
  frameworks(): Promise<z.infer<typeof frameworkListSchema>>;
  framework(id: string): Promise<z.infer<typeof frameworkPageSchema>>;
  roadMap(): Promise<z.infer<typeof roadMapSchema>>;
  answer(answers: z.infer<typeof answersBodySchema>, actor: string): Promise<z.infer<typeof roadMapSchema>>;
}

export interface NotificationService {
  channels(): Promise<readonly ChannelView[]>;
  /** Throws BTZ_CHANNEL_INVALID, BTZ_ALREADY_EXISTS, BTZ_EGRESS_REFUSED. */
  create(body: z.infer<typeof channelBodySchema>, actor: string): Promise<ChannelView>;
  /** By id or name. Throws BTZ_NOT_FOUND. */
  delete(channel: string, actor: string): Promise<void>;
  /** By id or name; waits for the provider’s answer. Throws BTZ_NOT_FOUND, BTZ_CHANNEL_BUSY, BTZ_NOT_DELIVERED. */
  test(channel: string, actor: string): Promise<void>;
  deadLetters(): Promise<z.infer<typeof deadLetterListSchema>['items']>;
  /** Throws BTZ_NOT_FOUND. */
  retry(deliveryId: string, actor: string): Promise<void>;
}

export interface ResponderService {
  plan(target: string): Promise<BlockPlan>;
  /** Asks and approves in one: a person pressed the button. */
  block(request: {
    target: string;
    alertId?: string;
    durationMs?: number;
    dryRun: boolean;
    actor: string;
  }): Promise<Action>;
  approve(id: string, actor: string): Promise<Action>;
  refuse(id: string, actor: string): Promise<Action>;
  /** `force`: put back what was there before a repair even where somebody changed it since. */
  undo(id: string, actor: string, force?: boolean): Promise<Action>;
}

/** Repairs of live accounts; they are approved, refused and undone as all actions. */
export interface RepairService {
  kinds(): z.infer<typeof repairKindsSchema>['items'];
  /** Dry run: reads, and says exactly what would be done. */
  plan(named: z.infer<typeof repairBodySchema>): Promise<RepairPlan>;
  ask(named: z.infer<typeof repairBodySchema>, actor: string): Promise<Action>;
}

export interface RepairPlan {
  readonly target: string;
  readonly repair: Repair;
  readonly allowed: boolean;
  readonly refusal?: BartizanError | undefined;
  readonly obstacle?: BartizanError | undefined;
}

export interface IngestInput {
  readonly body: AsyncIterable<Uint8Array>;
  readonly encoding: string | undefined;
  readonly format: SourceFormat;
  readonly tokenName: string;
}
