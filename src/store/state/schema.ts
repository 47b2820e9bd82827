/**
 * The tables of the state database, the same in SQLite and PostgreSQL. Whole values are JSON text; beside them stand
 * only the columns that are searched or ordered by. Times are `double precision`: exact for whole milliseconds, and
 * they come back as numbers from both engines. Truth values are 0 or 1.
 */
export interface StateSchema {
  alerts: AlertRow;
  actions: ActionRow;
  exceptions: ExceptionRow;
  evidence: EvidenceRow;
  users: UserRow;
  sessions: SessionRow;
  tokens: TokenRow;
  settings: SettingRow;
  checkpoints: CheckpointRow;
  scans: ScanRow;
  findings: FindingRow;
  channels: ChannelRow;
  notices: NoticeRow;
  deliveries: DeliveryRow;
  playbook_runs: PlaybookRunRow;
  playbook_entries: PlaybookEntryRow;
  schema_version: { version: number; name: string; applied_ms: number };
}

export interface AlertRow {
  id: string;
  rule_id: string;
  /** Position in LEVELS. */
  level_rank: number;
  status: string;
  first_ms: number;
  last_ms: number;
  raised_ms: number;
  updated_ms: number;
  demo: number;
  /** Rule id, titles and entity values, lower case. */
  search: string;
  body: string;
  /** 1 while it is hidden or held back. */
  put_away: number;
  /** Of the exception that hides it. */
  exception_id: string | null;
  forgeable: number;
  /** What an exception may name, as JSON. */
  exact: string;
}

export interface ExceptionRow {
  id: string;
  /** Empty: of several, or of any. */
  rule_id: string;
  created_ms: number;
  expires_ms: number;
  ended_ms: number | null;
  body: string;
  kind: string;
  starts_ms: number;
  alert_id: string | null;
  revision: number;
}

export interface ActionRow {
  id: string;
  verb: string;
  target: string;
  state: string;
  alert_id: string | null;
  requested_by: string;
  approved_by: string | null;
  requested_ms: number;
  done_ms: number | null;
  expires_ms: number | null;
  ended_ms: number | null;
  problem: string | null;
  dry_run: number;
  /** What a repair changes and puts back. */
  repair: string | null;
}

export interface EvidenceRow {
  leaf_index: number;
  subject: string;
  body: string;
}

export interface UserRow {
  id: string;
  name: string;
  role: string;
  password_hash: string;
  created_ms: number;
}

export interface SessionRow {
  id_hash: string;
  user_id: string;
  address: string;
  created_ms: number;
  last_seen_ms: number;
  expires_ms: number;
}

export interface TokenRow {
  id: string;
  kind: string;
  name: string;
  secret_hash: string;
  created_ms: number;
  expires_ms: number | null;
  revoked_ms: number | null;
}

export interface SettingRow {
  name: string;
  value: string;
  updated_ms: number;
}

export interface CheckpointRow {
  consumer: string;
  sequence: number;
  state: Uint8Array | null;
}

export interface ScanRow {
  id: string;
  target: string;
  ended_ms: number;
  /** What lists show. */
  summary: string;
  /** The rest. */
  body: string;
}

export interface FindingRow {
  scan_id: string;
  /** From 0, as the scan gave them. */
  position: number;
  check_id: string;
  /** Position in LEVELS. */
  level_rank: number;
  verdict: string;
  search: string;
  body: string;
}

export interface ChannelRow {
  id: string;
  name: string;
  body: string;
}

export interface NoticeRow {
  channel_id: string;
  alert_id: string;
  change: string;
  /** Position in LEVELS. */
  level_rank: number;
  created_ms: number;
  /** `waiting`, `given` to a delivery, or `withdrawn`. */
  state: string;
  delivery_id: string | null;
}

export interface DeliveryRow {
  id: string;
  channel_id: string;
  state: string;
  created_ms: number;
  tried_ms: number | null;
  body: string;
}

export interface PlaybookRunRow {
  id: string;
  playbook_id: string;
  state: string;
  started_ms: number;
  /** When there is something to do next. */
  wake_ms: number;
  ended_ms: number | null;
  /** Who works on it, until when. */
  worker: string | null;
  claimed_until_ms: number;
  body: string;
}

export interface PlaybookEntryRow {
  run_id: string;
  /** From 0, without gaps. */
  position: number;
  body: string;
}
