import type { paths } from './schema.d.ts';

type Json<T> = T extends { responses: { 200: { content: { 'application/json': infer Body } } } } ? Body : never;
type Path = keyof paths;
type Get<P extends Path> = Json<paths[P]['get']>;
type Post<P extends Path> = Json<paths[P]['post']>;

/** The API's answers under their own names; all of them come out of its OpenAPI document. */
export type Session = Get<'/api/v1/session'>;
export type Overview = Get<'/api/v1/overview'>;
export type Todo = Overview['todo'][number];
export type Charts = Get<'/api/v1/charts'>;
export type AlertList = Get<'/api/v1/alerts'>;
export type AlertPage = Get<'/api/v1/alerts/{id}'>;
export type Alert = AlertPage['alert'];
export type AlertStatus = Alert['status'];
export type Level = Alert['rule']['level'];
export type Action = AlertPage['actions'][number];
export type ActionState = Action['state'];
export type Evidence = AlertPage['evidence'][number];
export type EvidenceKind = Evidence['kind'];
export type ExceptionProposal = Post<'/api/v1/alerts/{id}/exception-proposal'>;
export type Exception = Get<'/api/v1/exceptions'>['items'][number];
export type ExceptionKind = Exception['kind'];
export type MaintenanceProposal = Post<'/api/v1/maintenance-proposal'>;
export type RuleCatalog = Get<'/api/v1/rules/catalog'>;
export type RuleEntry = RuleCatalog['items'][number];
export type RulePage = Get<'/api/v1/rules/catalog/{id}'>;
export type HuntSummary = Get<'/api/v1/hunts'>['items'][number];
export type Hunt = Get<'/api/v1/hunts/{id}'>;
export type ListedAlert = AlertList['items'][number];
export type Plan = Post<'/api/v1/actions/plan'>;
export type EventPage = Get<'/api/v1/events'>;
export type StoredEvent = EventPage['items'][number];
export type LogSource = StoredEvent['source'];
export type Source = Get<'/api/v1/sources'>['items'][number];
export type Channel = Get<'/api/v1/notifications/channels'>['items'][number];
export type NewChannel = paths['/api/v1/notifications/channels']['post']['requestBody']['content']['application/json'];
export type DeadLetter = Get<'/api/v1/notifications/dead-letters'>['items'][number];
export type Token = Get<'/api/v1/tokens'>['items'][number];
export type NewToken = Post<'/api/v1/tokens'>;
export type Settings = Get<'/api/v1/settings'>;
export type RespondMode = Settings['respond'];
export type EvidenceList = Get<'/api/v1/evidence'>;
export type Drill = Post<'/api/v1/drill'>;
export type ScoredTarget = Get<'/api/v1/posture/score'>['targets'][number];
export type Deduction = ScoredTarget['deductions'][number];
export type Finding = Get<'/api/v1/posture/findings'>['items'][number];
export type FrameworkEntry = Get<'/api/v1/posture/frameworks'>['items'][number];
export type FrameworkPage = Get<'/api/v1/posture/frameworks/{id}'>;
export type Clause = FrameworkPage['clauses'][number];
export type ClauseStatus = Clause['status'];
export type RoadMap = Get<'/api/v1/posture/road-map'>;
export type Step = RoadMap['today'][number];
export type Answers = NonNullable<RoadMap['answers']>;
export type Bilingual = Alert['reason'];

/** From harmless to worst. */
export const LEVELS = ['informational', 'low', 'medium', 'high', 'critical'] as const satisfies readonly Level[];
/** What a person says of an alert; the other states are come by otherwise, and lists leave them out. */
export const ALERT_STATUSES = ['open', 'acknowledged', 'closed'] as const satisfies readonly AlertStatus[];
export type ShownStatus = (typeof ALERT_STATUSES)[number];
export const PUT_AWAY_STATUSES = ['hidden', 'held_back'] as const satisfies readonly AlertStatus[];
/** What is kept of a scan: what passes is only counted. */
export const OPEN_VERDICTS = ['fail', 'unknown'] as const satisfies readonly Finding['verdict'][];
export type OpenVerdict = (typeof OPEN_VERDICTS)[number];
/** In the order in which they are drawn; what people have to show is never among what is met. */
export const CLAUSE_STATUSES = [
  'satisfied',
  'not_satisfied',
  'unknown',
  'no_data',
  'manual',
  'elsewhere',
] as const satisfies readonly ClauseStatus[];
export const OWNED = [
  'servers',
  'databases',
  'files',
  'containers',
  'functions',
  'code',
  'accounts',
  'domains',
] as const satisfies readonly Answers['owns'][number][];
export const FACING = [
  'website',
  'api',
  'administration',
  'database',
  'files',
  'nothing',
] as const satisfies readonly Answers['faces'][number][];
export const RESPOND_MODES = ['off', 'ask', 'auto'] as const satisfies readonly RespondMode[];
export const LOG_SOURCES = [
  'sshd',
  'sudo',
  'su',
  'account',
  'syslog',
  'nginx',
  'apache',
  'auditd',
  'cloudtrail',
  'actiontrail',
  'kubernetes',
  'docker',
  'postgresql',
  'mysql',
  'json',
] as const satisfies readonly LogSource[];

/** In the order that they are offered in. */
export const CHANNEL_KINDS = [
  'dingtalk',
  'wecom',
  'feishu',
  'slack',
  'teams',
  'pagerduty',
  'webhook',
] as const satisfies readonly Channel['kind'][];
