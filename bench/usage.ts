import { readFileSync } from 'node:fs';
import { processTree } from '../test/centre.ts';

export interface Usage {
  readonly cpuSeconds: number;
  /** The highest sum of resident memory, in MiB; pages that processes share count for each. */
  readonly peakMb: number;
}

/** What Linux counts CPU time in, for programs: the same on every architecture that Node runs on. */
const TICKS_PER_SECOND = 100;
const SAMPLE_MS = 100;

/** Watches a process and all below it, from now until it is asked; also after it has ended. */
export function watchUsage(pid: number): { read(): Usage; stop(): Usage } {
  const ticks = new Map<number, number>();
  const before = new Map<number, number>();
  let peakMb = 0;
  const look = (into: Map<number, number>) => {
    let residentMb = 0;
    for (const member of processTree(pid)) {
      const seen = readUsage(member);
      if (!seen) continue;
      into.set(member, seen.ticks);
      residentMb += seen.residentMb;
    }
    peakMb = Math.max(peakMb, residentMb);
  };
  look(before);
  const timer = setInterval(() => look(ticks), SAMPLE_MS);
  const read = () => {
    look(ticks);
    const used = [...ticks].reduce((total, [member, now]) => total + now - (before.get(member) ?? 0), 0);
    return { cpuSeconds: used / TICKS_PER_SECOND, peakMb: Math.round(peakMb) };
  };
  return {
    read,
    stop() {
      clearInterval(timer);
      return read();
    },
  };
}

/** `/proc/PID/stat` and `statm`, proc(5). */
function readUsage(pid: number): { ticks: number; residentMb: number } | undefined {
  try {
    const fields = readFileSync(`/proc/${pid}/stat`, 'utf8')
      .replace(/^.*\) /, '')
      .split(' ');
    const pages = Number(readFileSync(`/proc/${pid}/statm`, 'utf8').split(' ')[1]);
    return { ticks: Number(fields[11]) + Number(fields[12]), residentMb: (pages * 4096) / 2 ** 20 };
  } catch {
    // It has just ended.
    return undefined;
  }
}
