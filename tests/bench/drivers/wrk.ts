import { join } from "@std/path";
import { callbackRequest, FIRST_NUMBER, signedPath } from "./callback.ts";
import type { Driver, Load, LoadResult } from "./driver.ts";

/** Marks the line that the script writes for us among wrk's own. */
const RESULT_REGEXP = /^BENCH (.+)$/m;

/** Seconds before and after a load for which paths are signed as well. */
const SPARE_SEC = 30;

/** True when wrk (github.com/wg/wrk) can be started here. */
export async function hasWrk(): Promise<boolean> {
  try {
    await new Deno.Command("wrk", { args: ["-v"], stdout: "null" }).output();
    return true;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return false;
    throw error;
  }
}

/** A driver that runs wrk with a script of its own for each load, written to `folder`. */
export function createWrkDriver(
  { folder, threads }: { readonly folder: string; readonly threads: number },
): Driver {
  return async (load, signal) => {
    // Several loads may run at once.
    const script = join(folder, `wrk-${load.run}.lua`);
    await Deno.writeTextFile(script, luaScript(load));
    const { stdout, stderr } = await new Deno.Command("wrk", {
      args: [
        `-t${Math.min(threads, load.connections)}`,
        `-c${load.connections}`,
        `-d${load.seconds}s`,
        "-s",
        script,
        `http://127.0.0.1:${load.port}/`,
      ],
      stdout: "piped",
      stderr: "piped",
      signal,
    }).output();
    signal.throwIfAborted();
    const decoder = new TextDecoder();
    return parseResult(decoder.decode(stdout) + decoder.decode(stderr));
  };
}

/**
 * `request` only joins strings and there is no `response`: either costs requests per second.
 * The paths are signed beforehand, one for each second, since Lua has no SHA-256.
 */
function luaScript(load: Load): string {
  const { afterPath, beforeTime, end } = callbackRequest(load);
  return `
local threads = 0
function setup(thread)
  threads = threads + 1
  thread:set("id", threads)
end

local paths = {
${pathRows(load.seconds)}
}
local time, number, before = os.time, ${FIRST_NUMBER}, nil
function init() before = ${luaString(afterPath)} .. id end
function request()
  number = number + 1
  return "POST " .. paths[time()] .. before .. number ..
    ${luaString(beforeTime)} .. number .. ${luaString(end)}
end

function done(summary, latency)
  local errors = summary.errors
  io.write("BENCH ", string.format(
    '{"requests":%d,"us":%d,"status":%d,"socket":%d,"timeout":%d,"p50Us":%d,"p99Us":%d}',
    summary.requests, summary.duration, errors.status,
    errors.connect + errors.read + errors.write, errors.timeout,
    latency:percentile(50), latency:percentile(99)), "\\n")
end
`;
}

function pathRows(seconds: number): string {
  const firstSec = Math.floor(Date.now() / 1000) - SPARE_SEC;
  return Array.from({ length: seconds + 2 * SPARE_SEC }, (_, i) => {
    const second = firstSec + i;
    return `  [${second}] = ${luaString(signedPath(second))},`;
  }).join("\n");
}

/** JSON's escapes of the characters we send are Lua's too. */
function luaString(text: string): string {
  return JSON.stringify(text);
}

function parseResult(output: string): LoadResult {
  const line = RESULT_REGEXP.exec(output)?.[1];
  if (line === undefined) throw new Error(`Cannot read wrk: ${output.trim()}`);
  const found: Record<string, number> = JSON.parse(line);
  const { requests = NaN, us = NaN, status = 0, socket = 0 } = found;
  const { timeout = 0, p50Us = NaN, p99Us = NaN } = found;
  const okCount = requests - status;
  return {
    okCount,
    failedCount: status + socket + timeout,
    requestsPerSec: okCount / (us / 1e6),
    p50Ms: p50Us / 1000,
    p99Ms: p99Us / 1000,
  };
}
