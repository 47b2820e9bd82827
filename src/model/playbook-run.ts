/** One run of a playbook. The playbooks are kept with it, as they were: a changed file does not change what is under way. */
export interface PlaybookRun {
  readonly id: string;
  readonly playbookId: string;
  readonly state: 'running' | 'succeeded' | 'failed';
  /** `user:<name>`, `auto:<rule id>`, `cli`. */
  readonly actor: string;
  readonly alertId?: string | undefined;
  readonly startedMs: number;
  /** When there is something to do next. */
  readonly wakeMs: number;
  readonly endedMs?: number | undefined;
  readonly problem?: string | undefined;
  /** Variables that it was started with. */
  readonly given: Readonly<Record<string, string>>;
  /** The playbook and those that it calls, by identifier. */
  readonly playbooks: Readonly<Record<string, unknown>>;
}
