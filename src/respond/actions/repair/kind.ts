import type { Repair, Setting } from '#model/action.ts';
import type { Bilingual } from '#model/alert.ts';

/**
 * One kind of repair of a live account: which findings it mends, how it reads what it would change, and, as pure
 * functions of what was read, what it would ask of the provider and how that is put back.
 */
export interface RepairKind {
  readonly id: string;
  readonly provider: string;
  /** Findings of these checks. */
  readonly checks: readonly string[];
  /** What the reading role needs, and what the writing one. Nothing else is ever asked of either. */
  readonly permissions: { readonly read: readonly string[]; readonly write: readonly string[] };
  /**
   * Reads the present setting. `kept` is what it was before the repair, for what has no lasting name of its own.
   *
   * @throws BTZ_REPAIR_GONE, BTZ_REPAIR_NOT_READ
   */
  readonly read: (weakness: Weakness, ask: Ask, kept?: Setting) => Promise<Seen>;
  /** `undefined`: there is nothing to mend. */
  readonly plan: (weakness: Weakness, seen: Seen) => RepairPlan | undefined;
  /** What puts the setting back to what it was. */
  readonly restore: (weakness: Weakness, before: Setting, seen: Seen) => readonly CloudCall[];
}

/** Which finding. */
export type Weakness = Pick<Repair, 'check' | 'resource'>;

export interface Seen {
  /** What the repair changes: compared, kept, and put back. */
  readonly setting: Setting;
  /** What else was read to word the calls: never kept, for it may name keys. */
  readonly facts: Readonly<Record<string, unknown>>;
}

export interface RepairPlan {
  readonly after: Setting;
  readonly calls: readonly CloudCall[];
  readonly effects: readonly Bilingual[];
  /** A way in that it closes, for the guard. */
  readonly closes?: ClosedDoor;
  /** An access key that it switches off, for the guard. */
  readonly disablesKey?: string;
}

/** TCP ports that an address range can reach no longer, and what the other rules go on letting in. */
export interface ClosedDoor {
  readonly from: readonly string[];
  readonly ports: readonly [number, number];
  readonly stillOpen: readonly { readonly from: readonly string[]; readonly ports: readonly [number, number] }[];
}

export interface CloudCall {
  /** What must be granted for it. */
  readonly permission: string;
  readonly api: CloudApi;
  readonly params: Readonly<Record<string, string | number | boolean>>;
  readonly region?: string | undefined;
  /** Parameters that are shown and kept only in part. */
  readonly masked?: readonly string[];
  /** Codes that mean “nothing is set”: they count as the answer `{}`. */
  readonly nothing?: readonly string[];
}

/** A call as the provider names it: RPC, a sub-resource of an OSS bucket, a path of Log Service, or a command of AWS. */
export type CloudApi =
  | { readonly product: RpcProduct; readonly version: string; readonly action: string }
  | {
      readonly product: 'oss';
      readonly subresource: string;
      readonly write?: {
        readonly method: 'PUT' | 'DELETE';
        readonly headers?: Readonly<Record<string, string>>;
        readonly body?: string;
      };
    }
  | {
      readonly product: 'aws';
      readonly service: AwsService;
      /** `PutRetentionPolicy`; its input is not flat, so it stands here instead of among the parameters. */
      readonly command: string;
      readonly input: Readonly<Record<string, unknown>>;
    }
  | {
      readonly product: 'sls';
      readonly path: string;
      readonly write?: { readonly method: 'PUT'; readonly body: string };
    };
type AwsService = 'cloudtrail' | 'cloudwatch-logs' | 'ec2' | 'iam' | 'rds' | 's3' | 'sts';
type RpcProduct = 'actiontrail' | 'ecs' | 'ims' | 'ram' | 'rds' | 'sts';

/** Asks the provider with the reading role. Throws BTZ_REPAIR_NOT_READ, which names the permission. */
export type Ask = (call: CloudCall) => Promise<unknown>;

/** An account, with the eyes of one role. */
export interface Cloud {
  readonly account: string;
  /** Who the role is, as the provider names it. */
  readonly identity: string;
  /** Of the access key it works with. */
  readonly keyId: string;
  readonly ask: (call: CloudCall) => Promise<CloudAnswer>;
}

export type CloudAnswer =
  | { readonly ok: true; readonly value: unknown }
  | {
      readonly ok: false;
      readonly failure: { readonly kind: string; readonly code: string; readonly message: string };
    };
