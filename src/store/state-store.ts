import type { Action, ActionState, Verb } from '#model/action.ts';
import type { Alert, AlertStatus, Bilingual, Entities, Level, StoredAlert } from '#model/alert.ts';
import type { Evidence, NewEvidence } from '#model/evidence.ts';
import type { Exception } from '#model/exception.ts';
import type { Finding, Verdict } from '#model/finding.ts';
import type { Channel, Delivery, Notice } from '#model/notification.ts';
import type { PlaybookRun } from '#model/playbook-run.ts';
import type { KeptFinding, Scan, ScanSummary } from '#model/scan.ts';

/**
 * The port for decisions: what was found, asked, done, by whom. SQLite and PostgreSQL stand behind it with the same
 * migrations and queries. Whatever is awaited is durable when it returns.
 */
export interface StateStore extends StateQueries {
  /** All or nothing. Nested calls are refused. The callback uses only the queries that it is given. */
  transaction<T>(work: (queries: StateQueries) => Promise<T>): Promise<T>;
  /** Answers when the database does; throws BTZ_STATE_UNAVAILABLE after 2 s. */
  ping(): Promise<void>;
  close(): Promise<void>;
}

export interface StateQueries {
  readonly alerts: AlertQueries;
  readonly actions: ActionQueries;
  readonly exceptions: ExceptionQueries;
  readonly evidence: EvidenceQueries;
  readonly users: UserQueries;
  readonly sessions: SessionQueries;
  readonly tokens: TokenQueries;
  readonly settings: SettingQueries;
  readonly checkpoints: CheckpointQueries;
  readonly scans: ScanQueries;
  readonly playbooks: PlaybookQueries;
  readonly channels: ChannelQueries;
  readonly notices: NoticeQueries;
}

export interface AlertFilter {
  readonly status?: AlertStatus;
  /** Only what is hidden or held back, or only what is neither. */
  readonly isPutAway?: boolean;
  readonly minLevel?: Level;
  readonly fromMs?: number;
  readonly toMs?: number;
  /** Matches rule id, titles and entity values, case-insensitively. */
  readonly text?: string;
  readonly demo?: boolean;
  readonly ruleId?: string;
  readonly exceptionId?: string;
  readonly limit: number;
  readonly offset?: number;
}

/** Where an alert is kept: before people, behind an exception, or folded away. */
export type Placement =
  | { readonly status: 'open' | 'held_back' }
  | { readonly status: 'hidden'; readonly exceptionId: string };

/** What is known of an alert before it is saved again. */
export interface Standing {
  readonly status: AlertStatus;
  readonly exceptionId: string | undefined;
  /** Of a hidden one; of others 0, since it is not asked for. */
  readonly count: number;
}

/** Of an alert, what a list of “it would have hidden these” says. */
export interface CoveredAlert {
  readonly id: string;
  readonly title: Bilingual;
  readonly level: Level;
  readonly entities: Entities;
  readonly status: AlertStatus;
  readonly lastMs: number;
}

/** How often a rule raised an alert. */
export interface RuleCounts {
  /** Before people. */
  readonly shown: number;
  /** Hidden by an exception, or held back. */
  readonly putAway: number;
  readonly lastMs: number;
}

export interface AlertQueries {
  /**
   * Inserts or brings up to date (absolute values; status is kept). Answers the ids that were new. A placement is for
   * new ones, which are open without, and moves those that are there already.
   */
  save(
    alerts: readonly Alert[],
    nowMs: number,
    placements?: ReadonlyMap<string, Placement>,
  ): Promise<readonly string[]>;
  standings(ids: readonly string[]): Promise<ReadonlyMap<string, Standing>>;
  /** How many alerts of each rule were raised after that time and came before people, without those of demonstrations. */
  shownSince(
    ruleIds: readonly string[],
    sinceMs: number,
  ): Promise<readonly { readonly ruleId: string; readonly forgeable: boolean; readonly count: number }[]>;
  /**
   * Alerts that an exception of these rules (of any, if there are none) and this scope hides, as far as that can be said
   * without its time, `lastMs` at or after a time, newest first; none if it names nothing.
   * `all` has what fits, `items` more of the first `limit`, `ofRule` counts all of the rules. Looks at their newest 100,000
   * and takes at most 20,000; `isWhole` says whether that was all.
   */
  covered(search: {
    readonly ruleIds: readonly string[];
    readonly scope: Entities;
    readonly demo: boolean;
    readonly fromMs: number;
    readonly limit: number;
  }): Promise<{
    readonly items: readonly CoveredAlert[];
    readonly all: readonly {
      readonly id: string;
      readonly status: AlertStatus;
      readonly level: Level;
      readonly firstMs: number;
    }[];
    readonly ofRule: number;
    readonly isWhole: boolean;
  }>;
  place(ids: readonly string[], placement: Placement, nowMs: number): Promise<void>;
  /** Rules with alerts held back that were raised after that time, the most first, at most 20. */
  heldBack(sinceMs: number): Promise<
    readonly {
      readonly ruleId: string;
      readonly title: Bilingual;
      readonly count: number;
      readonly sinceMs: number;
    }[]
  >;
  /** How many are behind each exception. */
  hiddenBy(exceptionIds: readonly string[]): Promise<ReadonlyMap<string, number>>;
  /** Of alerts that were made quiet: what repeated them since and was put away. Those without are not in it. */
  repeats(ids: readonly string[]): Promise<ReadonlyMap<string, { readonly count: number; readonly lastMs: number }>>;
  /** Alerts of each rule that were raised after that time, without those of demonstrations. */
  firedSince(sinceMs: number): Promise<ReadonlyMap<string, RuleCounts>>;
  find(id: string): Promise<StoredAlert | undefined>;
  /** Newest `lastMs` first. */
  list(filter: AlertFilter): Promise<{ readonly items: readonly StoredAlert[]; readonly total: number }>;
  setStatus(id: string, status: AlertStatus, nowMs: number): Promise<boolean>;
  /** Alerts by `firstMs` in buckets, per level, without those that are hidden or held back. */
  histogram(
    fromMs: number,
    toMs: number,
    bucketMs: number,
  ): Promise<readonly { readonly bucketMs: number; readonly level: Level; readonly count: number }[]>;
  deleteDemo(): Promise<number>;
}

export interface ExceptionQueries {
  insert(exception: Exception): Promise<void>;
  find(id: string): Promise<Exception | undefined>;
  /** In force at that time; those only that may be about these rules, where they are given. */
  live(nowMs: number, ruleIds?: readonly string[]): Promise<readonly Exception[]>;
  /** Made from that alert, latest first, at most 100. */
  ofAlert(alertId: string): Promise<readonly Exception[]>;
  /** Latest made first. */
  list(limit: number): Promise<readonly Exception[]>;
  /** Undefined when it was over already. */
  end(id: string, nowMs: number): Promise<Exception | undefined>;
  /** Replaces the one of that id, if it is not over and still has the revision before. False if not. */
  change(exception: Exception, nowMs: number): Promise<boolean>;
  /** Notes that those whose time has come are over, at most 100, and answers them. */
  lapse(nowMs: number): Promise<readonly Exception[]>;
}

export interface ActionQueries {
  insert(action: Action): Promise<void>;
  /** Moves it on only if its state is one of `from`; answers the new row, or undefined when another was faster. */
  transition(
    id: string,
    from: readonly ActionState[],
    change: Partial<Omit<Action, 'id' | 'verb' | 'target'>> & { state: ActionState },
  ): Promise<Action | undefined>;
  find(id: string): Promise<Action | undefined>;
  /** Latest asked first. */
  list(filter: {
    readonly verb?: Verb;
    readonly states?: readonly ActionState[];
    readonly alertId?: string;
    readonly target?: string;
    /** At most 1,000. */
    readonly limit: number;
    /** Stable only inside a transaction. */
    readonly offset?: number;
  }): Promise<readonly Action[]>;
}

export interface EvidenceQueries {
  /** Queues leaves in the order given; they get consecutive indexes. Durable with the surrounding transaction. */
  append(leaves: readonly NewEvidence[]): Promise<readonly Evidence[]>;
  /** Leaves from an index on, in order. */
  read(fromIndex: number, limit: number): Promise<readonly Evidence[]>;
  /** Newest first, for the console. */
  latest(limit: number, subject?: string): Promise<readonly Evidence[]>;
  count(): Promise<number>;
}

export interface User {
  readonly id: string;
  readonly name: string;
  readonly role: 'administrator';
  /** PHC string (argon2id). */
  readonly passwordHash: string;
  readonly createdMs: number;
}

export interface UserQueries {
  insert(user: User): Promise<void>;
  findByName(name: string): Promise<User | undefined>;
  findById(id: string): Promise<User | undefined>;
  count(): Promise<number>;
}

export interface Session {
  /** SHA-256 of the cookie value, hex. */
  readonly idHash: string;
  readonly userId: string;
  /** The address that the session is used from. */
  readonly address: string;
  readonly createdMs: number;
  readonly lastSeenMs: number;
  readonly expiresMs: number;
}

export interface SessionQueries {
  insert(session: Session): Promise<void>;
  find(idHash: string): Promise<Session | undefined>;
  touch(idHash: string, address: string, nowMs: number): Promise<void>;
  delete(idHash: string): Promise<void>;
  /** Sessions used since, for the lockout guard. */
  activeSince(sinceMs: number): Promise<readonly Session[]>;
  deleteExpired(nowMs: number): Promise<number>;
}

/** A secret that lets a sender in (ingest) or makes the first administrator (setup). */
export interface Token {
  readonly id: string;
  readonly kind: 'ingest' | 'setup';
  readonly name: string;
  /** SHA-256 of the secret, hex. */
  readonly secretHash: string;
  readonly createdMs: number;
  readonly expiresMs?: number;
  readonly revokedMs?: number;
}

export interface TokenQueries {
  insert(token: Token): Promise<void>;
  findBySecretHash(secretHash: string): Promise<Token | undefined>;
  list(kind: Token['kind']): Promise<readonly Token[]>;
  /** True if it was live until now: a token is used up or revoked once. */
  revoke(id: string, nowMs: number): Promise<boolean>;
}

export interface SettingQueries {
  /** A JSON value, or undefined when never set. */
  get(name: string): Promise<unknown>;
  set(name: string, value: unknown, nowMs: number): Promise<void>;
  all(): Promise<Readonly<Record<string, unknown>>>;
}

/** How far a consumer of the journal has come, with its own state, saved together. */
export interface CheckpointQueries {
  get(consumer: string): Promise<{ readonly sequence: number; readonly state: Uint8Array | undefined } | undefined>;
  set(consumer: string, sequence: number, state: Uint8Array | undefined): Promise<void>;
}

export interface FindingFilter {
  readonly scanIds: readonly string[];
  readonly verdict?: Verdict;
  readonly minLevel?: Level;
  readonly check?: string;
  /** Those that are about one of the controls, or of one of the checks: what a clause is answered by. */
  readonly about?: { readonly controls: readonly string[]; readonly checks: readonly string[] };
  /** Matches check, title, resource, file and region, case-insensitively. */
  readonly text?: string;
  /** At most 1,000. */
  readonly limit: number;
  readonly offset?: number;
}

/** Scans of code and live accounts, with the findings that fail or cannot be told. */
export interface ScanQueries {
  insert(scan: Scan, findings: readonly Finding[]): Promise<void>;
  find(id: string): Promise<Scan | undefined>;
  /** Latest first, at most 1,000. */
  list(filter: { readonly target?: string; readonly limit: number }): Promise<readonly ScanSummary[]>;
  /** The latest scan of each target. */
  latest(): Promise<readonly ScanSummary[]>;
  /** The most dangerous first. */
  findings(filter: FindingFilter): Promise<{ readonly items: readonly KeptFinding[]; readonly total: number }>;
  /** Keeps so many scans of a target, and the findings of fewer. */
  prune(target: string, keptScans: number, keptFindings: number): Promise<void>;
}

/** Ways to reach the owner, each with its secrets. */
export interface ChannelQueries {
  insert(channel: Channel): Promise<void>;
  /** By name. */
  list(): Promise<readonly Channel[]>;
  /** With what waits for it. */
  delete(id: string): Promise<boolean>;
}

/** What is to be told, and the messages that tell it. */
export interface NoticeQueries {
  /**
   * Those that are there already (channel, alert, change) are left as they are: nothing is told twice. But what was taken
   * back waits again.
   */
  add(notices: readonly Notice[]): Promise<void>;
  /** Takes back what waits about alerts that are not open any more. Answers how many. */
  withdraw(channelId: string): Promise<number>;
  /** Takes a message back, with its notices. */
  takeBack(delivery: Delivery): Promise<void>;
  /** The most dangerous first, then the oldest. */
  waiting(channelId: string, limit: number): Promise<readonly Notice[]>;
  /** The most dangerous first. */
  waitingCounts(channelId: string): Promise<readonly { readonly level: Level; readonly count: number }[]>;
  /** Keeps a message and gives it the notices of these alerts, or all that wait. Answers how many it has. */
  give(delivery: Delivery, alertIds?: readonly string[]): Promise<number>;
  alertsOf(deliveryId: string, limit: number): Promise<readonly string[]>;
  update(delivery: Delivery): Promise<void>;
  find(id: string): Promise<Delivery | undefined>;
  /** Oldest first, at most 1,000. */
  deliveries(filter: {
    readonly channelId?: string;
    readonly states: readonly Delivery['state'][];
    /** Last tried at or after. */
    readonly sinceMs?: number;
    readonly limit: number;
  }): Promise<readonly Delivery[]>;
  /** Forgets what was done with before that time. */
  prune(beforeMs: number): Promise<void>;
}

/** Runs of playbooks, each with its journal. */
export interface PlaybookQueries {
  insert(run: PlaybookRun): Promise<void>;
  find(id: string): Promise<PlaybookRun | undefined>;
  /** Latest started first, at most 1,000. */
  list(filter: {
    readonly states?: readonly PlaybookRun['state'][];
    readonly playbookId?: string;
    readonly limit: number;
  }): Promise<readonly PlaybookRun[]>;
  /** Everything that was written of a run, in order. */
  journal(id: string): Promise<readonly unknown[]>;
  /**
   * Writes entries behind the first `position` ones. False, and nothing written, when another has written there: of two
   * workers on one run one goes on.
   */
  append(id: string, position: number, entries: readonly unknown[]): Promise<boolean>;
  update(id: string, change: Partial<Pick<PlaybookRun, 'state' | 'wakeMs' | 'endedMs' | 'problem'>>): Promise<void>;
  /** Takes runs for a worker until a time: running, due, and of nobody else's whose time is not over; the oldest due first. */
  claim(worker: string, nowMs: number, untilMs: number, limit: number): Promise<readonly PlaybookRun[]>;
}
