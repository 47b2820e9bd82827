/**
 * The table of events: one row for each. Fields that are searched often have a column ("hot"); whatever has none is JSON
 * in `event`. Nothing is stored twice: a message that is the end of the raw text is only its length, and `event` holds
 * only what no column holds.
 */
export const TABLE = 'lake.events';

export interface HotField {
  /** OCSF path. */
  readonly path: string;
  readonly column: string;
  /** `text`: '' is absent. `word`: the same, few different values. `number`: 0 to 2^31 − 1; −1 is absent. */
  readonly kind: 'text' | 'word' | 'number';
}

export const HOT_FIELDS: readonly HotField[] = [
  { path: 'class_uid', column: 'class_uid', kind: 'number' },
  { path: 'activity_id', column: 'activity_id', kind: 'number' },
  { path: 'severity_id', column: 'severity_id', kind: 'number' },
  { path: 'status_id', column: 'status_id', kind: 'number' },
  { path: 'status_detail', column: 'status_detail', kind: 'word' },
  { path: 'device.hostname', column: 'host', kind: 'word' },
  { path: 'user.name', column: 'user_name', kind: 'text' },
  { path: 'actor.user.name', column: 'actor_user', kind: 'text' },
  { path: 'src_endpoint.ip', column: 'src_ip', kind: 'text' },
  { path: 'src_endpoint.port', column: 'src_port', kind: 'number' },
  { path: 'dst_endpoint.ip', column: 'dst_ip', kind: 'text' },
  { path: 'dst_endpoint.port', column: 'dst_port', kind: 'number' },
  { path: 'process.name', column: 'process_name', kind: 'word' },
  { path: 'process.pid', column: 'process_pid', kind: 'number' },
  { path: 'process.cmd_line', column: 'process_cmd', kind: 'text' },
  { path: 'file.path', column: 'file_path', kind: 'text' },
  { path: 'http_request.http_method', column: 'http_method', kind: 'word' },
  { path: 'http_request.url.path', column: 'url_path', kind: 'text' },
  { path: 'http_request.url.query_string', column: 'url_query', kind: 'text' },
  { path: 'http_request.user_agent', column: 'user_agent', kind: 'text' },
  { path: 'http_response.code', column: 'http_status', kind: 'number' },
  { path: 'api.operation', column: 'api_operation', kind: 'word' },
  { path: 'api.service.name', column: 'api_service', kind: 'word' },
  { path: 'auth_protocol', column: 'auth_protocol', kind: 'word' },
];

/** Before the hot columns, in the order in which a row is written. `day` counts from 1970-01-01 UTC. */
export const FIXED_COLUMNS = [
  { column: 'id', type: 'UInt64 CODEC(Delta, ZSTD(1))' },
  { column: 'time_ms', type: 'Int64 CODEC(Delta, ZSTD(1))' },
  { column: 'day', type: 'UInt16 CODEC(ZSTD(1))' },
  { column: 'stray', type: 'UInt8 CODEC(ZSTD(1))' },
  { column: 'stream', type: 'LowCardinality(String) CODEC(ZSTD(1))' },
  { column: 'source', type: 'LowCardinality(String) CODEC(ZSTD(1))' },
  { column: 'message_tail', type: 'Int32 DEFAULT -1 CODEC(ZSTD(1))' },
  { column: 'message', type: 'String CODEC(ZSTD(1))' },
  { column: 'raw', type: 'String CODEC(ZSTD(1))' },
  { column: 'event', type: 'String CODEC(ZSTD(1))' },
] as const;

export const COLUMNS: readonly string[] = [
  ...FIXED_COLUMNS.map(({ column }) => column),
  ...HOT_FIELDS.map(({ column }) => column),
];

const TYPES = {
  text: 'String CODEC(ZSTD(1))',
  word: 'LowCardinality(String) CODEC(ZSTD(1))',
  number: 'Int32 DEFAULT -1 CODEC(ZSTD(1))',
} as const satisfies Record<HotField['kind'], string>;

/**
 * Sorted by time, so that the newest page reads only the newest rows. Ids go up with the order of arrival, so a small
 * index tells the parts that hold one. Inserts, the folder of each part and merged parts are fsynced; merged-away parts
 * need not wait for the page cache, then. Merging took a third of the CPU when few parts at a time were merged again and
 * again; so it waits for a dozen, and days that have come to rest are merged into one part.
 */
export const CREATE_TABLE = `
CREATE TABLE IF NOT EXISTS ${TABLE} (
  ${[...FIXED_COLUMNS, ...HOT_FIELDS.map(({ column, kind }) => ({ column, type: TYPES[kind] }))]
    .map(({ column, type }) => `${column} ${type}`)
    .join(',\n  ')},
  INDEX id_range id TYPE minmax GRANULARITY 1
) ENGINE = MergeTree
PARTITION BY (day, stray)
ORDER BY (time_ms, id)
SETTINGS fsync_after_insert = 1, fsync_part_directory = 1, min_rows_to_fsync_after_merge = 1,
  min_compressed_bytes_to_fsync_after_merge = 1, old_parts_lifetime = 60, min_parts_to_merge_at_once = 12,
  min_age_to_force_merge_seconds = 7200, min_age_to_force_merge_on_partition_only = 1, non_replicated_deduplication_window = 0`;
