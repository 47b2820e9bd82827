/**
 * Every failure an operator can meet, in one table. The documentation and the API's error answers come from it.
 * `cause` says what happened, `remedy` what to do next; `{name}` is filled from the error's details.
 */
export const ERRORS = {
  BTZ_USAGE: { status: 400, cause: '{problem}', remedy: 'See `./bartizan --help`.' },
  BTZ_INTERNAL: {
    status: 500,
    cause: 'Something unexpected failed: {problem}',
    remedy: 'Look into the server log; the request may be tried again.',
  },
  BTZ_BODY_INVALID: {
    status: 400,
    cause: 'The request is not of the documented shape: {problem}',
    remedy: 'Correct the named field.',
  },
  BTZ_BODY_TOO_LARGE: {
    status: 413,
    cause: 'The request body is larger than {limitBytes} bytes.',
    remedy: 'Send smaller batches.',
  },
  BTZ_NOT_FOUND: { status: 404, cause: 'There is no {what}.', remedy: 'Check the identifier.' },
  BTZ_UNAUTHENTICATED: { status: 401, cause: 'You are not signed in.', remedy: 'Sign in and try again.' },
  BTZ_FORBIDDEN: { status: 403, cause: 'Your role may not do this.', remedy: 'Ask an administrator.' },
  BTZ_CROSS_SITE: { status: 403, cause: 'The request came from another site.', remedy: 'Use the console itself.' },
  BTZ_TOO_MANY_REQUESTS: { status: 429, cause: 'Too many requests.', remedy: 'Wait a minute and try again.' },
  BTZ_SIGN_IN_FAILED: {
    status: 401,
    cause: 'The name or the password is wrong.',
    remedy: 'Try again; after several failures wait a minute.',
  },
  BTZ_SETUP_TOKEN_INVALID: {
    status: 401,
    cause: 'The one-time link is wrong, used or expired.',
    remedy: 'Restart `./bartizan up`; it prints a new link while there is no administrator.',
  },
  BTZ_SETUP_DONE: { status: 409, cause: 'An administrator exists already.', remedy: 'Sign in.' },
  BTZ_INGEST_TOKEN_INVALID: {
    status: 401,
    cause: 'The ingest token is missing, wrong or revoked.',
    remedy: 'Make a token under Sources and send it as `Authorization: Bearer …`.',
  },
  BTZ_DATA_IN_USE: {
    status: 409,
    cause: 'Another Bartizan (process {pid}) is using {directory}.',
    remedy: 'Stop that one first, or give `--data` another folder and `--state` another database.',
  },
  BTZ_DATA_UNWRITABLE: {
    status: 500,
    cause: 'The data folder {directory} cannot be written: {problem}',
    remedy: 'Check its owner, its mode and the free space, or name another with --data.',
  },
  BTZ_LISTEN: {
    status: 500,
    cause: 'Cannot listen on {address}: {problem}',
    remedy: 'Choose another with `--listen HOST:PORT`.',
  },
  BTZ_NOT_RUNNING: {
    status: 503,
    cause: 'No centre answers for {directory}.',
    remedy: 'Start it with `./bartizan up`, or name its folder with `--data`.',
  },
  BTZ_INPUT_UNREADABLE: {
    status: 400,
    cause: '{path} cannot be read: {problem}',
    remedy: 'Check the path and its permissions.',
  },
  BTZ_OUTPUT_UNWRITABLE: {
    status: 500,
    cause: '{path} cannot be written: {problem}',
    remedy: 'Check the folder, its permissions and the free space.',
  },
  BTZ_CLOUD_CREDENTIALS: {
    status: 401,
    cause: '{provider} did not let us in: {problem}',
    remedy: '{suggestion}',
  },
  BTZ_CLOUD_NOT_COLLECTED: {
    status: 501,
    cause: 'Live accounts of {provider} are not read yet.',
    remedy: 'Check its infrastructure code instead: ./bartizan scan <folder>.',
  },
  BTZ_CLOUD_UNREACHABLE: {
    status: 503,
    cause: '{provider} does not answer: {problem}',
    remedy: 'Check the network and the proxy of this machine, and start the scan again: it goes on where it stopped.',
  },
  BTZ_REPAIR_NONE: {
    status: 409,
    cause: 'There is no repair yet for findings of {check}.',
    remedy: 'Follow the advice of the finding by hand, and scan again.',
  },
  BTZ_REPAIR_AMBIGUOUS: {
    status: 409,
    cause: 'Several accounts have a finding of {check} about {resource}.',
    remedy: 'Name the account too.',
  },
  BTZ_REPAIR_NOT_LIVE: {
    status: 409,
    cause: 'The finding of {check} about {resource} was not read from a live account.',
    remedy: 'Correct the code: `./bartizan scan --fix` makes the patch.',
  },
  BTZ_REPAIR_GONE: {
    status: 409,
    cause: 'There is no {what} any more.',
    remedy: 'Scan the account again; perhaps somebody has mended it.',
  },
  BTZ_REPAIR_NOT_NEEDED: {
    status: 409,
    cause: '{target} is as it should be already.',
    remedy: 'Scan the account again: the finding is out of date.',
  },
  BTZ_REPAIR_NOT_READ: {
    status: 409,
    cause: 'The present state could not be read with {permission}: {problem}',
    remedy: 'Grant it to the role that reads, and try again; nothing was changed.',
  },
  BTZ_REPAIR_NO_ROLE: {
    status: 409,
    cause: 'No role that may change things at {provider} is configured.',
    remedy: '{suggestion}',
  },
  BTZ_REPAIR_ROLE_SHARED: {
    status: 409,
    cause: 'The role for repairs, {identity}, is the one that scans with.',
    remedy:
      'Make a RAM user or role of its own for repairs: what reads every day should not be able to change anything.',
  },
  BTZ_REPAIR_OTHER_ACCOUNT: {
    status: 409,
    cause: 'The finding is about the account {wanted}, but the credentials belong to {account}.',
    remedy: 'Give this centre credentials of that account.',
  },
  BTZ_REPAIR_CHANGED: {
    status: 409,
    cause: '{target} was changed by somebody else meanwhile: {what}',
    remedy: 'Look at it, and make a new dry run; to put the kept state back all the same, undo with force.',
  },
  BTZ_REPAIR_EXPIRED: {
    status: 409,
    cause: 'The question was asked more than {hours} hours ago.',
    remedy: 'Make a new dry run and ask again.',
  },
  BTZ_REPAIR_LOCKS_OUT: {
    status: 409,
    cause: 'The rule may be what lets the administrator at {address} in on port {port}.',
    remedy: 'Add a rule for that address alone to the group first, then repair.',
  },
  BTZ_REPAIR_OWN_KEY: {
    status: 409,
    cause: 'Bartizan itself works with this access key.',
    remedy: 'Give it another one first.',
  },
  BTZ_REPAIR_NOT_APPLIED: {
    status: 502,
    cause: 'The provider did not do {permission}: {problem}',
    remedy: 'Grant it to the role for repairs (`./bartizan cloud repair --print-policy`), and ask again.',
  },
  BTZ_REPAIR_NOT_SEEN: {
    status: 502,
    cause: 'The provider took the change of {target}, but it does not show: {what}',
    remedy: 'Look at it in the provider’s own console; it can be undone.',
  },
  BTZ_REPAIR_STILL_FAILS: {
    status: 409,
    cause: '{target} was changed, but {check} still fails.',
    remedy: 'Something else is wrong too: scan again and look at the reason. The change can be undone.',
  },
  BTZ_EGRESS_REFUSED: {
    status: 422,
    cause: 'Nothing is sent to {host}: {problem}',
    remedy: 'Give a public https address, or allow private addresses for this one channel if it is meant.',
  },
  BTZ_CHANNEL_INVALID: { status: 422, cause: 'The channel cannot be used: {problem}', remedy: '{suggestion}' },
  BTZ_CHANNEL_BUSY: {
    status: 429,
    cause: 'The channel {name} has no place for a message now: its provider takes {limit} in {seconds} s.',
    remedy: 'Wait a minute and try again.',
  },
  BTZ_NOT_DELIVERED: {
    status: 502,
    cause: 'The message did not get through {name}: {problem}',
    remedy: 'Check address, secret and the robot’s own settings at the provider, then send a test message.',
  },
  BTZ_JSON_INVALID: { status: 400, cause: 'Not valid JSON: {problem}', remedy: 'Correct the input.' },
  BTZ_JSON_TOO_DEEP: {
    status: 400,
    cause: 'JSON nested deeper than {limit} levels.',
    remedy: 'Send flatter documents.',
  },
  BTZ_GZIP_TOO_LARGE: {
    status: 413,
    cause: 'The body unpacks to more than {limitBytes} bytes.',
    remedy: 'Send smaller batches.',
  },
  BTZ_RULE_INVALID: { status: 400, cause: '{file}:{line}: {problem}', remedy: '{suggestion}' },
  BTZ_RULES_NOT_TAKEN: {
    status: 503,
    cause: 'The new rules could not be put to work: {problem}',
    remedy: 'The rules before stay at work; try `./bartizan rules reload` again in a few seconds.',
  },
  BTZ_HUNT_RUNNING: {
    status: 409,
    cause: 'Another hunt is looking through the past, {share} % of the way.',
    remedy: 'Wait for it, or cancel it.',
  },
  BTZ_BLOCK_TARGET_INVALID: {
    status: 400,
    cause: '“{target}” is not an IP address or CIDR range.',
    remedy: 'Give an address such as 203.0.113.9 or a range such as 2001:db8::/48.',
  },
  BTZ_BLOCK_TOO_WIDE: {
    status: 409,
    cause: '{target} is wider than a block may be (/{limit}).',
    remedy: 'Block narrower ranges.',
  },
  BTZ_BLOCK_LOOPBACK: {
    status: 409,
    cause: '{target} is or holds this machine itself (loopback or unspecified).',
    remedy: 'Nothing to do: it is never blocked.',
  },
  BTZ_BLOCK_SPECIAL_RANGE: {
    status: 409,
    cause: '{target} lies in {range}, which is link-local, multicast or reserved.',
    remedy: 'Nothing to do: no attacker comes from there, and the network itself needs it.',
  },
  BTZ_BLOCK_OWN_ADDRESS: {
    status: 409,
    cause: '{target} is or holds this server’s own address {address}.',
    remedy: 'Nothing to do: it is never blocked.',
  },
  BTZ_BLOCK_GATEWAY: {
    status: 409,
    cause: '{target} is or holds the gateway or name server {address}.',
    remedy: 'Nothing to do: it is never blocked.',
  },
  BTZ_BLOCK_ADMIN_SESSION: {
    status: 409,
    cause: '{target} is or holds {address}, from which an administrator was signed in since {since}.',
    remedy: 'If it is not you, end that session first.',
  },
  BTZ_BLOCK_ALLOW_LISTED: {
    status: 409,
    cause: '{target} is or holds {address} on the allow list.',
    remedy: 'Take it off the allow list first.',
  },
  BTZ_BLOCK_HOURLY_CAP: {
    status: 429,
    cause: '{limit} addresses were blocked automatically within the last hour; {target} waits for a person.',
    remedy: 'Look at the alerts; approve what is right.',
  },
  BTZ_BLOCK_DURATION_INVALID: {
    status: 400,
    cause: 'A block lasts from 1 second to 30 days, not {durationMs} ms.',
    remedy: 'Give a duration within these limits.',
  },
  BTZ_RESPONSE_OFF: {
    status: 409,
    cause: 'Responses are switched off (`--respond off`).',
    remedy: 'Start with `--respond ask` or `auto`.',
  },
  BTZ_FIREWALL_UNAVAILABLE: {
    status: 503,
    cause: 'The kernel firewall cannot be used: {problem}',
    remedy: 'Install the package nftables and run as root.',
  },
  BTZ_FIREWALL_NOT_APPLIED: {
    status: 500,
    cause: 'The kernel did not keep what was asked: {problem}',
    remedy: 'Look at `nft list table inet bartizan`; the action is marked as failed.',
  },
  BTZ_EXCEPTION_EMPTY: {
    status: 422,
    cause: 'An exception has to say what it is about; without anything named it would hide every alert of {rule}.',
    remedy: 'Name at least one user, address, path or the like. A rule that is wrong as a whole is better changed.',
  },
  BTZ_EXCEPTION_TOO_WIDE: {
    status: 422,
    cause:
      '{rule} raises critical alerts, and this exception names only {scope}: one coincidence could hide that the server is lost.',
    remedy: 'Name two things at least, one of them who or where: {anchors}.',
  },
  BTZ_EXCEPTION_NOT_OF_ALERT: {
    status: 422,
    cause: 'The alert does not have exactly one {entity}, or not the value that was given.',
    remedy: 'Load the alert again: it may have grown. Only what was seen in it can be excepted.',
  },
  BTZ_EXCEPTION_TIMES: {
    status: 422,
    cause: 'The window cannot be from then until then: {problem}',
    remedy: 'Maintenance lasts up to 7 days and begins at most a day ago; quiet lasts up to 30 days.',
  },
  BTZ_EXCEPTION_CHANGED: {
    status: 409,
    cause: 'Somebody else has changed it since you opened it.',
    remedy: 'Look at it as it is now, and change it again if that is still needed.',
  },
  BTZ_ACTION_STATE: { status: 409, cause: 'The action is {state}; it cannot be {verb}.', remedy: 'Reload the page.' },
  BTZ_EVIDENCE_INVALID: {
    status: 409,
    cause: 'The evidence log does not verify: {problem}',
    remedy: 'Keep this copy, compare it with another, and treat the machine as tampered with.',
  },
  BTZ_EVIDENCE_KEY_MISSING: {
    status: 500,
    cause: 'The evidence log in {folder} has no key: {keyFile} is gone.',
    remedy: 'Put the key file back from a backup; or keep this log aside as it is and let a new one begin.',
  },
  BTZ_EVIDENCE_KEY_INVALID: {
    status: 500,
    cause: 'The key of the evidence log, {keyFile}, cannot be used: {problem}',
    remedy: 'Put the key file back from a backup.',
  },
  BTZ_LAKE_UNAVAILABLE: {
    status: 503,
    cause: 'Event search is not available at the moment: {problem}',
    remedy: 'Wait a few seconds; events are safe in the journal.',
  },
  BTZ_SEARCH_TOO_WIDE: {
    status: 422,
    cause: 'The search would take more time or memory than one search may.',
    remedy: 'Narrow the time range or add a condition.',
  },
  BTZ_STATE_UNAVAILABLE: {
    status: 503,
    cause: 'The state database does not answer: {problem}',
    remedy: 'Check the database; nothing was changed.',
  },
  BTZ_STATE_TOO_NEW: {
    status: 500,
    cause: 'The state database is of version {found}; this program knows versions up to {known}.',
    remedy: 'Run the newer Bartizan that wrote it, or restore a backup from before the update.',
  },
  BTZ_ALREADY_EXISTS: { status: 409, cause: 'There is already {what}.', remedy: 'Choose another name.' },
  BTZ_DISK_FULL: {
    status: 507,
    cause: 'No space is left in {directory}.',
    remedy: 'Free space or lower the retention; collecting goes on by itself.',
  },
  BTZ_DISK_LOW: {
    status: 507,
    cause:
      'Only {freeMb} MB are left in {directory}; the last {reserveMb} MB are kept for decisions, so collecting waits.',
    remedy: 'Free space or lower the retention; collecting goes on by itself.',
  },
  BTZ_COLLECTING_STOPPED: {
    status: 503,
    cause: 'Collecting has stopped for a moment: {problem}',
    remedy: 'It is started again by itself; nothing of this was taken, so send it again in a few seconds.',
  },
  BTZ_JOURNAL_UNREADABLE: {
    status: 500,
    cause: 'The journal {path} cannot be read: {problem}',
    remedy:
      'Move the file away and start again: a new journal is begun. Keep the old one; undamaged batches can be copied out of it.',
  },
  BTZ_JOURNAL_UNWRITABLE: {
    status: 500,
    cause: 'The journal {path} cannot be written: {problem}',
    remedy: 'Check the disk and the owner of the file; collectors keep their data and try again.',
  },
} as const satisfies Record<string, { status: number; cause: string; remedy: string }>;
