import { commandOutput } from "./command_output.ts";

/** Memory of a process, as Linux counts it; NaN elsewhere. */
export interface Memory {
  /** The most it ever had resident (VmHWM). */
  readonly peakRssBytes: number;
  readonly rssBytes: number;
}

/** Processor time so far; NaN where there is no /proc. */
export interface CpuTimes {
  /** All threads of the server together. */
  readonly serverSec: number;
  /** The server's main thread, which runs its TypeScript. */
  readonly serverMainSec: number;
  /** This process and its children that have ended: a driver, not a server that still runs. */
  readonly driverSec: number;
  /** All processors together, whoever used them. */
  readonly machineSec: number;
}

/** Clock ticks per second in /proc: 100 on every Linux that Deno runs on. */
const TICKS_PER_SEC = 100;

/** Memory of a running process. */
export async function readMemory(pid: number): Promise<Memory> {
  const status = await commandOutput("cat", [`/proc/${pid}/status`]);
  const bytesOf = (field: RegExp) => Number(field.exec(status)?.[1]) * 1024;
  return {
    peakRssBytes: bytesOf(/^VmHWM:\s*(\d+) kB$/m),
    rssBytes: bytesOf(/^VmRSS:\s*(\d+) kB$/m),
  };
}

/** File descriptors that a running process has open. */
export async function countDescriptors(pid: number): Promise<number> {
  const names = await commandOutput("ls", [`/proc/${pid}/fd`]);
  return names === "" ? NaN : names.trim().split("\n").length;
}

/** Processor time of a running server, of whoever drives it, and of the machine. */
export async function readCpuTimes(serverPid: number): Promise<CpuTimes> {
  const paths = [`${serverPid}`, `${serverPid}/task/${serverPid}`, Deno.pid]
    .map((process) => `/proc/${process}/stat`);
  const text = await commandOutput("cat", [...paths, "/proc/stat"]);
  const [server = "", main = "", driver = "", machine = ""] = text.split("\n");
  // proc(5): utime, stime; cutime and cstime of children waited for; of the machine user, nice,
  // system, then idle and iowait, irq and softirq.
  return {
    serverSec: secondsOf(processFields(server), [11, 12]),
    serverMainSec: secondsOf(processFields(main), [11, 12]),
    driverSec: secondsOf(processFields(driver), [11, 12, 13, 14]),
    machineSec: secondsOf(machine.split(/ +/), [1, 2, 3, 6, 7]),
  };
}

/** The fields from the third on: the second, a name in parentheses, may hold spaces. */
function processFields(stat: string): string[] {
  return stat.slice(stat.lastIndexOf(")") + 2).split(" ");
}

function secondsOf(
  fields: readonly string[],
  indexes: readonly number[],
): number {
  const ticks = indexes.map((index) => Number(fields[index]));
  return ticks.reduce((sum, count) => sum + count, 0) / TICKS_PER_SEC;
}
