/** What server_audit writes in its column of that name. */
export const OPERATIONS = [
  'CONNECT',
  'FAILED_CONNECT',
  'FAILED CONNECT',
  'DISCONNECT',
  'CHANGEUSER',
  'QUERY',
  'QUERY_DDL',
  'QUERY_DML',
  'QUERY_DML_NO_SELECT',
  'QUERY_DCL',
  'READ',
  'WRITE',
  'CREATE',
  'ALTER',
  'RENAME',
  'DROP',
] as const;
