import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { BartizanError } from '#kit/errors.ts';

export interface NftAnswer {
  readonly ok: boolean;
  readonly stdout: string;
  /** What nft or the kernel said, at most 4 KB. */
  readonly stderr: string;
}

export interface Nft {
  /** Runs a script as one kernel transaction: all of it or nothing. */
  script(text: string): Promise<NftAnswer>;
  /** Runs nft with arguments, e.g. `['-j', 'list', 'table', …]`. */
  query(args: readonly string[]): Promise<NftAnswer>;
  close(): void;
}

export interface NftOptions {
  /** Program and first arguments: `['nft']`, or `['ip', 'netns', 'exec', name, 'nft']` for another network namespace. */
  readonly command?: readonly string[];
  readonly timeoutMs?: number;
}

const MAX_STDOUT_BYTES = 256 * 1024 * 1024;
const MAX_STDERR_CHARS = 4096;
/** Not the caller's PATH: this runs as root, and /usr/sbin is often missing from it. */
const ENVIRONMENT = { PATH: '/usr/sbin:/usr/bin:/sbin:/bin', LC_ALL: 'C' };

/** One for the change and one for reading it back. */
const SPARES = 2;
/** Forking waits until nobody has asked for anything this long, so that it delays no block. */
const QUIET_MS = 5;

/**
 * Runs nft, one process per transaction, so that each has its own exit status and its own words (an interactive
 * `nft -i` has neither, and reads the whole ruleset at each command). The next processes are started in advance and wait
 * for their scripts: a block then costs about 1 ms instead of 4, or 14 in a process of 600 MB, where forking is slow.
 *
 * No shell anywhere. Throws BTZ_FIREWALL_UNAVAILABLE when nft is not there, may not, or does not answer in time.
 */
export function createNft({ command = ['nft'], timeoutMs = 10_000 }: NftOptions = {}): Nft {
  const spares: ChildProcessWithoutNullStreams[] = [];
  let refill: NodeJS.Timeout | undefined;
  let isClosed = false;

  const start = (args: readonly string[]): ChildProcessWithoutNullStreams => {
    const [program = 'nft', ...first] = command;
    return spawn(program, [...first, ...args], { env: ENVIRONMENT, stdio: 'pipe' });
  };
  const addSpare = (): void => {
    const child = start(['-f', '-']);
    const forget = (): void => {
      const place = spares.indexOf(child);
      if (place >= 0) spares.splice(place, 1);
    };
    child.once('error', forget);
    child.once('exit', forget);
    child.stdin.on('error', forget);
    setReferenced(child, false);
    spares.push(child);
  };
  const refillSoon = (): void => {
    clearTimeout(refill);
    if (isClosed) return;
    refill = setTimeout(() => {
      while (spares.length < SPARES) addSpare();
    }, QUIET_MS).unref();
  };

  return {
    async script(text) {
      const child = spares.shift() ?? start(['-f', '-']);
      setReferenced(child, true);
      const answer = finish(child, text, timeoutMs);
      void answer.then(refillSoon, () => undefined);
      return await answer;
    },
    query: (args) => finish(start(args), '', timeoutMs),
    close() {
      isClosed = true;
      clearTimeout(refill);
      // An empty script does nothing and ends it.
      for (const spare of spares.splice(0)) spare.stdin.end();
    },
  };
}

function finish(child: ChildProcessWithoutNullStreams, input: string, timeoutMs: number): Promise<NftAnswer> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let bytes = 0;
    let stderr = '';
    const fail = (problem: string, cause?: unknown): void => {
      clearTimeout(timer);
      child.kill('SIGKILL');
      reject(new BartizanError('BTZ_FIREWALL_UNAVAILABLE', { problem }, { cause }));
    };
    const timer = setTimeout(() => fail(`nft did not answer within ${timeoutMs} ms`), timeoutMs);
    child.once('error', (error) => fail(`nft cannot be started (${error.message})`, error));
    // A process that ended early tells why by its exit status.
    child.stdin.on('error', () => undefined);
    child.stdout.on('data', (chunk: Buffer) => {
      bytes += chunk.length;
      if (bytes > MAX_STDOUT_BYTES) fail('nft answered too much');
      else chunks.push(chunk);
    });
    child.stderr.setEncoding('utf8');
    child.stderr.on('data', (chunk: string) => {
      stderr = (stderr + chunk).slice(0, MAX_STDERR_CHARS);
    });
    child.once('close', (status) => {
      const problem = status === 0 ? undefined : whyUnavailable(stderr);
      if (problem) return fail(problem);
      clearTimeout(timer);
      resolve({ ok: status === 0, stdout: Buffer.concat(chunks).toString('utf8'), stderr });
    });
    child.stdin.end(input);
  });
}

function whyUnavailable(stderr: string): string | undefined {
  if (/Operation not permitted|Permission denied|must be root/i.test(stderr)) return 'nft has no permission';
  if (/Unable to initialize Netlink|Protocol not supported|cache initialization failed/i.test(stderr)) {
    return 'this kernel has no nf_tables';
  }
  return /exec of .* failed|Cannot open network namespace/i.test(stderr) ? stderr.trim() : undefined;
}

/** A waiting spare must not keep the program alive. */
function setReferenced(child: ChildProcessWithoutNullStreams, isReferenced: boolean): void {
  const parts: unknown[] = [child, child.stdin, child.stdout, child.stderr];
  for (const part of parts) {
    if (!isReferenceable(part)) continue;
    if (isReferenced) part.ref();
    else part.unref();
  }
}

function isReferenceable(part: unknown): part is { ref(): void; unref(): void } {
  return typeof part === 'object' && part !== null && 'ref' in part && 'unref' in part;
}
