import type { Provider, Value } from '#model/resource.ts';

/**
 * A provider’s live accounts: what is asked of its API, as data, and how answers become canonical resources, as pure
 * functions. Everything else (regions in parallel, rates, retries, resuming, unknowns) is the driver’s (`scan.ts`).
 */
export interface Collector<Api> {
  readonly provider: Provider;
  readonly services: readonly Service<Api>[];
  /**
   * Says who we are, with credentials from the environment or the provider’s standard chain.
   *
   * @throws BTZ_CLOUD_CREDENTIALS, BTZ_CLOUD_UNREACHABLE
   */
  readonly connect: (options: ConnectOptions) => Promise<Connection<Api>>;
  /** What `connect` itself calls, beside what needs no grant. */
  readonly permissions: readonly string[];
  /** A policy that grants exactly these permissions, as text ready for the provider. */
  readonly policy: (permissions: readonly string[]) => string;
}

export interface ConnectOptions {
  /** Only these; all that the account may use if not said. */
  readonly regions?: readonly string[] | undefined;
  /** Every call goes here instead of to the provider: for tests and simulations. */
  readonly endpointBase?: string | undefined;
}

export interface Connection<Api> {
  readonly account: string;
  readonly regions: readonly string[];
  readonly transport: Transport<Api>;
  /** What was not as it should be, for people: that regions could not be listed, say. */
  readonly notes: readonly string[];
}

/** One service of a provider: a file of its own. */
export interface Service<Api> {
  /** As its permissions begin: `oss`. */
  readonly id: string;
  /** Asked once for the account, or in each region. */
  readonly where: 'account' | 'regions';
  readonly calls: Readonly<Record<string, Call<Api>>>;
  readonly kinds: readonly Kind[];
}

/** One call of the API. It is made when a check needs its permission, or when such a call needs its items. */
export interface Call<Api> {
  /** What must be granted for it, as checks name it in `needs`: `oss:GetBucketAcl`. */
  readonly permission: string;
  /** Other names under which checks may ask for what it answers. They are not part of the policy. */
  readonly serves?: readonly string[];
  /** How the provider’s transport is told which call it is: product, version, action. */
  readonly api: Api;
  /** One call for each item of that other call; without it, one for the place. */
  readonly of?: string;
  /** Of those, only the ones it makes sense for. */
  readonly where?: (item: unknown) => boolean;
  /** One call for up to so many of those items: its parameters come from all of them (`Subject.together`). */
  readonly together?: number;
  readonly params?: (subject: Subject) => Params;
  /** Path to the list in the answer; one name that is not a list counts as a list of one. Without it the answer is the one item. */
  readonly items?: string | ((answer: unknown) => readonly unknown[]);
  /** Another call of the place that goes first: one that makes what this one reads. */
  readonly after?: string;
  /** Whether the answer only says that it is not made yet: it is asked for again. */
  readonly notYet?: (answer: unknown) => boolean;
  /** What to add to the parameters for the next page, or `undefined` after the last. Throws MissingField where some lack. */
  readonly next?: (answer: unknown, sofar: { readonly pages: number; readonly items: number }) => Params | undefined;
  /** Codes that mean “nothing is set”: they count as the answer `{}`. */
  readonly nothing?: readonly string[] | RegExp;
  /** Where a denied caller gets an empty list, as at ECS: what to add to find out, and the code that says “you may”. */
  readonly whenEmpty?: { readonly params: Params; readonly code: string };
}

export type Params = Readonly<Record<string, string | number | boolean>>;

/** What a call or a resource is about. */
export interface Subject {
  readonly account: string;
  readonly region?: string | undefined;
  /** The item that a call with `of` is about, or that becomes a resource. */
  readonly item: unknown;
  /** Of an item that came from a call with `of`: what that call was about. */
  readonly parent?: Subject | undefined;
  /** The items of one call that speaks of several. */
  readonly together?: readonly unknown[] | undefined;
}

/** A type of resource that becomes of each item of a call. Kinds with the same type and id are joined. */
export interface Kind {
  /** `alicloud_oss_bucket` */
  readonly type: string;
  readonly call: string;
  readonly where?: (item: unknown) => boolean;
  readonly id: Field;
  readonly name?: Field;
  /** Where the service is asked once for all regions. */
  readonly region?: Field;
  /** Read from the item. */
  readonly attributes: Fields;
  /** Read from what the call was about: known even where the call failed, so that the gap stays linked. */
  readonly ofParent?: Fields;
  /** Read from the answers of further calls: those made `of` this kind’s call, for this item, or those of the same place. */
  readonly more?: readonly { readonly call: string; readonly attributes: Fields }[];
  /** Other names under which code says what is given above (`name` for `vpc_name`): here they are never set. */
  readonly synonyms?: readonly string[];
  /** Types that Terraform keeps apart and that here are attributes: `alicloud_oss_bucket_acl`. None of them exist on their own. */
  readonly holds?: readonly string[];
}

/**
 * Reads one attribute of a raw answer. Pure.
 *
 * @param source the item itself, or in `more` the first page of the further call’s answer
 * @param items in `more` the items of all pages of that call
 * @returns `undefined` where the provider says that it is not set.
 * @throws MissingField where the answer lacks what it always has: the attribute becomes unknown.
 */
export type Field = (source: unknown, subject: Subject, items: readonly unknown[]) => Value | undefined;
export type Fields = Readonly<Record<string, Field>>;

/** What came of one call. */
export type Answer = { readonly ok: true; readonly value: unknown } | { readonly ok: false; readonly failure: Failure };

export interface Failure {
  readonly kind: FailureKind;
  /** The provider’s code: `Throttling.User`. */
  readonly code: string;
  /** One line; never with a key, token or signature in it. */
  readonly message: string;
}

/**
 * - `denied`: the identity may not;
 * - `throttled`, `busy`: asked again, after a while;
 * - `credentials`: nothing will work: the scan ends;
 * - `not_offered`: the service is not there in this region, or was never opened: nothing exists;
 * - `refused`: any other answer that is an error;
 * - `malformed`: an answer that cannot be read.
 */
export type FailureKind = 'denied' | 'throttled' | 'busy' | 'credentials' | 'not_offered' | 'refused' | 'malformed';

/** How a provider is spoken to. It asks once: pace and patience are the driver’s. */
export interface Transport<Api> {
  readonly ask: (api: Api, params: Params, region: string | undefined) => Promise<Answer>;
  /** The published limit that this call counts against. */
  readonly limit: (api: Api, region: string | undefined) => Limit;
}

export interface Limit {
  /** Calls with the same key share it: product and region. */
  readonly key: string;
  readonly perSecond: number;
}
