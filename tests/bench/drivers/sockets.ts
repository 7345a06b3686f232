import { callbackRequest, FIRST_NUMBER, signedPath } from "./callback.ts";
import { Connection } from "./connection.ts";
import type { Load, LoadResult } from "./driver.ts";
import { percentile } from "../stats.ts";

/** What the connections of one load share. */
interface Progress {
  readonly nextRequest: () => Uint8Array;
  readonly latenciesMs: number[];
  readonly endAtMs: number;
  readonly signal: AbortSignal;
  remaining: number;
  failedCount: number;
}

/** The built-in driver: keep-alive connections of this process, one request each at a time. */
export function driveSockets(
  load: Load,
  signal: AbortSignal,
): Promise<LoadResult> {
  return sendCallbacks({ ...load, count: Infinity }, signal);
}

/** Sends `count` callbacks, or what `seconds` allow, whichever ends first. */
export async function sendCallbacks(
  load: Load & { readonly count: number },
  signal: AbortSignal,
): Promise<LoadResult> {
  const startedAtMs = performance.now();
  const progress: Progress = {
    nextRequest: requestSource(load),
    latenciesMs: [],
    endAtMs: startedAtMs + load.seconds * 1000,
    signal,
    remaining: load.count,
    failedCount: 0,
  };
  await Promise.all(
    Array.from({ length: load.connections }, () => talk(load.port, progress)),
  );
  signal.throwIfAborted();
  const { latenciesMs, failedCount } = progress;
  return {
    okCount: latenciesMs.length,
    failedCount,
    requestsPerSec: latenciesMs.length * 1000 /
      (performance.now() - startedAtMs),
    p50Ms: percentile(latenciesMs, 50),
    p99Ms: percentile(latenciesMs, 99),
  };
}

/** Joins the next request; the path is signed once a second. */
function requestSource(load: Load): () => Uint8Array {
  const { afterPath, beforeTime, end } = callbackRequest(load);
  const encoder = new TextEncoder();
  let [second, path, number] = [0, "", FIRST_NUMBER];
  return () => {
    const nowSec = Math.floor(Date.now() / 1000);
    if (nowSec !== second) path = signedPath(second = nowSec);
    number++;
    return encoder.encode(
      `POST ${path}${afterPath}0${number}${beforeTime}${number}${end}`,
    );
  };
}

/** One connection's life. A broken one counts as one failure and is not opened again. */
async function talk(port: number, progress: Progress): Promise<void> {
  try {
    using connection = await Connection.open(port);
    while (
      progress.remaining-- > 0 && performance.now() < progress.endAtMs &&
      !progress.signal.aborted
    ) {
      const sentAtMs = performance.now();
      const isOk = await connection.send(progress.nextRequest());
      if (isOk) progress.latenciesMs.push(performance.now() - sentAtMs);
      else progress.failedCount++;
    }
  } catch {
    // Refused, reset or unreadable: a figure of the report, as in wrk's "socket errors".
    progress.failedCount++;
  }
}
