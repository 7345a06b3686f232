import type { CallbackSeries } from "./callback.ts";

/** What to send: distinct signed callbacks over so many connections for so long. */
export interface Load extends CallbackSeries {
  readonly connections: number;
  readonly seconds: number;
}

/** What came of it. */
export interface LoadResult {
  /** Requests answered with 2xx. */
  readonly okCount: number;
  /** Other answers, and connections that failed or timed out. */
  readonly failedCount: number;
  /** Answered with 2xx, per second. */
  readonly requestsPerSec: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
}

/** Sends a load to 127.0.0.1 and waits for its end. */
export type Driver = (load: Load, signal: AbortSignal) => Promise<LoadResult>;
