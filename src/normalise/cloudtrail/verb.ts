/** OCSF API activity (1 create, 2 read, 3 update, 4 delete, 99 other) from the verb that cloud operations begin with. */
export function apiActivity(operation: string, isReadOnly: boolean): number {
  if (isReadOnly) return 2;
  for (const [verbs, activity] of VERBS) if (verbs.test(operation)) return activity;
  return 99;
}

const VERBS: readonly (readonly [RegExp, number])[] = [
  [/^(?:Create|Run|Allocate|Import|Register|Add|Put|Copy|Request|Launch|Purchase|Import)/, 1],
  [/^(?:Describe|Get|List|Lookup|Head|Batch[gG]et|Query|Scan|Search|Select|Check|Download|View|Fetch|Read|Decrypt)/, 2],
  [
    /^(?:Update|Modify|Set|Change|Attach|Detach|Enable|Disable|Start|Stop|Authorize|Revoke|Reset|Replace|Restore|Tag|Untag|Associate|Disassociate|Reboot|Share|Switch|Deactivate|Activate)/,
    3,
  ],
  [/^(?:Delete|Remove|Terminate|Release|Deregister|Destroy|Schedule\w*Deletion|Unbind)/, 4],
];
