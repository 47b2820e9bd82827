import { statSync } from 'node:fs';
import { createServer } from 'node:net';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { hashSecret } from '#access/secrets.ts';
import { createAccess } from '#access/sign-in.ts';
import { createApi } from '#api/server.ts';
import { acceptHttp } from '#collect/http/index.ts';
import { BartizanError, toBartizanError } from '#kit/errors.ts';
import { tidyWhenIdle } from '#kit/tidy.ts';
import type { RespondMode } from '#model/action.ts';
import { openPostgresStateStore } from '#store/postgres/index.ts';
import { openSqliteStateStore } from '#store/sqlite/index.ts';
import { keepAlerts } from './alerts.ts';
import type { SourceConfig } from './collectors.ts';
import { readRuleFiles } from './content.ts';
import { publishLocalAccess, refuseIfInUse, takeDataFolder } from './data-folder.ts';
import { demoDay } from './demo.ts';
import { startDetection } from './detection.ts';
import { runDrill } from './drill.ts';
import { startEvidence } from './evidence.ts';
import { createExceptions } from './exceptions.ts';
import { startHousekeeping } from './housekeeping.ts';
import { createHunts } from './hunts.ts';
import { type IntakeService, startIntake } from './intake.ts';
import { startLake } from './lake.ts';
import { createNotifications } from './notifications.ts';
import { createOverview, listSources } from './overview.ts';
import { createPosture } from './posture.ts';
import { startResponder } from './responder.ts';
import { createRuleCatalog } from './rule-catalog.ts';
import { openRules } from './rules.ts';
import { openSettings } from './settings.ts';

export interface CentreOptions {
  readonly dataFolder: string;
  readonly host: string;
  /** 0 picks a free one. */
  readonly port: number;
  readonly sources: readonly SourceConfig[];
  /** Folders with rules of the owner's own, beside the bundled ones. */
  readonly ruleFolders: readonly string[];
  readonly respond?: RespondMode;
  readonly demo: boolean;
  /** `postgres://…`; without it decisions are kept in the data folder. */
  readonly stateUrl?: string;
  readonly consoleFolder?: string;
  readonly version: string;
  /** How to run `nft`, e.g. inside a network namespace. */
  readonly nftCommand?: readonly string[];
  /** Clouds are asked here instead of at the provider’s: for tests and simulations. */
  readonly cloudEndpointBase?: string;
  readonly onProblem: (problem: string) => void;
  /** Called once when this centre must be stopped: another one has taken its database over. */
  readonly onReplaced: (error: BartizanError) => void;
}

export interface Centre {
  readonly url: string;
  /** The one-time link that makes the administrator, while there is none. */
  readonly setupUrl: string | undefined;
  stop(): Promise<void>;
}

/** What one part may take to end; that nearly everything takes milliseconds keeps the whole far below. */
const CLOSE_MS = 5_000;
/** Requests under way when the centre stops may end by themselves for so long. */
const REQUESTS_MS = 1_000;

/** Longer than detection takes between two reports. */
const LAKE_HOLD_MS = 2_000;

/** Puts the centre together: the one place that chooses the engines. Throws coded errors; what was opened is closed again. */
export async function startCentre(options: CentreOptions): Promise<Centre> {
  const closers: (() => Promise<void> | void)[] = [];
  // What cannot be closed is said and left behind: the rest must still be closed.
  const close = async () => {
    for (const closer of closers.splice(0).reverse()) {
      const late = new AbortController();
      const tooLate = sleep(CLOSE_MS, 'too late' as const, { signal: late.signal });
      try {
        const ended = await Promise.race([closer(), tooLate]);
        if (ended === 'too late') options.onProblem('Something did not end in time and is left behind.');
      } catch (thrown) {
        options.onProblem(`Something did not end cleanly: ${toBartizanError(thrown).message}`);
      } finally {
        tooLate.catch(() => undefined);
        late.abort();
      }
    }
  };
  try {
    return await assemble(options, (closer) => closers.push(closer), close);
  } catch (thrown) {
    await close();
    throw thrown;
  }
}

async function assemble(
  options: CentreOptions,
  onClose: (closer: () => Promise<void> | void) => void,
  close: () => Promise<void>,
): Promise<Centre> {
  const { onProblem } = options;
  const clock = Date.now;
  // Whatever can be refused is refused before anything is made.
  readRuleFiles(options.ruleFolders);
  refuseIfInUse(options.dataFolder);
  await refuseIfTaken(options.host, options.port);
  const folder = takeDataFolder(options.dataFolder);
  onClose(() => folder.release());

  const state =
    options.stateUrl === undefined
      ? await openSqliteStateStore(folder.stateFile)
      : await openPostgresStateStore(options.stateUrl, {
          holder: `${process.pid} on ${hostname()}`,
          onTaken: options.onReplaced,
          onWaiting: onProblem,
        });
  onClose(() => state.close());
  const evidence = await startEvidence(
    { state, folder: folder.evidenceFolder, keyFile: folder.evidenceKeyFile, origin: 'bartizan', clock },
    onProblem,
  );
  onClose(() => evidence.stop());
  const record = async (leaf: Parameters<typeof evidence.record>[0]) => {
    await evidence.record(leaf);
  };
  const access = createAccess({ state, record, clock });
  const settings = await openSettings(state, clock, options.respond);
  const responder = await startResponder({
    state,
    evidence,
    settings,
    clock,
    nftCommand: options.nftCommand,
    consolePort: options.port,
    cloudEndpointBase: options.cloudEndpointBase,
    onProblem,
  });
  onClose(() => responder.stop());

  const loadCheckpoint = () => state.checkpoints.get('detection');
  const seenSequence = (await loadCheckpoint())?.sequence ?? 0;
  const intake = await startIntake(
    { journalFile: folder.journalFile, sources: options.sources, seenSequence },
    onProblem,
  );
  // At once when the start fails further on; else before its readers, which then need not run after it.
  const stopIntake = once(() => intake.stop());
  onClose(stopIntake);
  const lake = startLake({ lakeFolder: folder.lakeFolder, journalFile: folder.journalFile, onProblem });
  onClose(() => lake.stop());
  const reached = { url: '' };
  const notifications = await createNotifications({ state, consoleUrl: () => reached.url, clock, onProblem });
  onClose(() => notifications.stop());
  const alerts = keepAlerts({
    state,
    clock,
    onAlert: (alert) => responder.onAlert(alert),
    onShown: notifications.onShown,
    onProblem,
  });
  const rules = openRules({
    folders: options.ruleFolders,
    dataFolder: folder.path,
    journalFile: folder.journalFile,
    swap: (files) => detection.swap(files),
    state,
    clock,
    onProblem,
  });
  const detection = await startDetection({
    journalFile: folder.journalFile,
    ruleFiles: rules.files,
    lastGood: rules.lastGood,
    onLoaded: rules.onLoaded,
    loadCheckpoint,
    onBehind: () => lake.hold(LAKE_HOLD_MS),
    onReport: alerts.keep,
    onProblem,
  });
  onClose(() => detection.stop());
  rules.watch();
  onClose(() => rules.stop());
  const hunts = createHunts({ journalFile: folder.journalFile, ruleFiles: rules.running, record, clock });
  onClose(() => hunts.stop());
  onClose(stopIntake);
  onClose(
    startHousekeeping({ settings, lake, intake, journalFile: folder.journalFile, detection, state, clock, onProblem }),
  );

  const catalog = createRuleCatalog({
    read: detection.catalog,
    hash: () => rules.status().hash,
    files: rules.running,
    state,
    clock,
  });
  const overview = createOverview({
    state,
    settings,
    responder,
    intake,
    lake,
    detection,
    rules,
    evidence,
    clock,
    version: options.version,
  });
  onClose(() => overview.stop());
  const localAccess = { secret: '' };
  const api = await createApi({
    access,
    version: options.version,
    consoleFolder: options.consoleFolder,
    services: {
      state,
      lake,
      evidence: { record, status: () => evidence.status() },
      responder: responder.service,
      repairs: responder.repairs,
      exceptions: createExceptions({ state, clock, refuse: responder.service.refuse, causeOf: catalog.causeOf }),
      rules,
      ruleCatalog: catalog,
      posture: createPosture({ state, clock }),
      notifications: notifications.service,
      hunts,
      overview: overview.read,
      sources: async () => listSources(await intake.status()),
      settings,
      ingest: ({ tokenName, ...input }) =>
        acceptHttp({ ...input, stream: `http:${tokenName}`, receivedMs: clock() }, { deliver: intake.deliver }),
      drill: (actor) =>
        runDrill(
          {
            state,
            deliver: intake.deliverAndTell,
            detectedSequence: detection.sequence,
            dryRunBlock: (target, alertId, by) => responder.service.block({ target, alertId, dryRun: true, actor: by }),
            integratedLeaves: () => evidence.status().size,
            clock,
          },
          actor,
        ),
      localSecretHash: () => hashSecret(localAccess.secret),
      clock,
    },
  });
  onClose(async () => {
    const hangUp = setTimeout(() => api.server.closeAllConnections(), REQUESTS_MS);
    await api.close();
    clearTimeout(hangUp);
  });
  const url = await listen(api, options.host, options.port);
  reached.url = url;
  notifications.start();
  localAccess.secret = publishLocalAccess(folder.path, url).secret;

  await record([
    {
      timeMs: clock(),
      kind: 'centre.started',
      actor: 'system',
      subject: 'centre',
      details: { version: options.version, respond: settings.get().respond },
    },
  ]);
  onClose(() => record([{ timeMs: clock(), kind: 'centre.stopped', actor: 'system', subject: 'centre', details: {} }]));
  if (options.demo) await replayDemo(intake, state, clock);
  // Starting takes memory that running does not.
  tidyWhenIdle(10_000);
  const setupSecret = await access.newSetupSecret();
  return { url, setupUrl: setupSecret === undefined ? undefined : `${url}/setup#token=${setupSecret}`, stop: close };
}

async function listen(api: Awaited<ReturnType<typeof createApi>>, host: string, port: number): Promise<string> {
  try {
    return await api.listen({ host, port });
  } catch (thrown) {
    throw notListening(thrown, host, port);
  }
}

/** Asked before the data folder is touched; the port itself is taken at the end, when there is somebody to answer. */
async function refuseIfTaken(host: string, port: number): Promise<void> {
  const probe = createServer();
  try {
    await new Promise<void>((resolve, reject) => {
      probe.once('error', reject);
      probe.listen({ host, port }, resolve);
    });
  } catch (thrown) {
    throw notListening(thrown, host, port);
  }
  await new Promise((resolve) => probe.close(resolve));
}

const WHY_NOT: Readonly<Record<string, string>> = {
  EADDRINUSE: 'another program listens there',
  EACCES: 'this user may not (ports below 1024 are root’s)',
  EADDRNOTAVAIL: 'this machine has no such address',
  ENOTFOUND: 'there is no host of that name',
};

function notListening(thrown: unknown, host: string, port: number): BartizanError {
  const { code = '' } = thrown as { code?: string };
  const problem = WHY_NOT[code] ?? String(thrown);
  return new BartizanError('BTZ_LISTEN', { address: `${host}:${port}`, problem }, { cause: thrown });
}

/** Called twice, it works once. */
function once(work: () => Promise<void>): () => Promise<void> {
  let done: Promise<void> | undefined;
  return () => {
    done ??= work();
    return done;
  };
}

/** Once per data folder: a second day on top of the first would only confuse. */
async function replayDemo(
  intake: Pick<IntakeService, 'deliver'>,
  state: Awaited<ReturnType<typeof openSqliteStateStore>>,
  clock: () => number,
): Promise<void> {
  if ((await state.settings.get('demoReplayedMs')) !== undefined) return;
  for (const batch of await demoDay(clock())) await intake.deliver(batch);
  await state.settings.set('demoReplayedMs', clock(), clock());
}

/** The built console beside the sources, if it has been built. */
export function builtConsole(root: string): string | undefined {
  const folder = join(root, 'console', 'dist');
  return statSync(join(folder, 'index.html'), { throwIfNoEntry: false }) ? folder : undefined;
}
