import { logger } from "../../base/log.ts";
import {
  type LatencySummary,
  RecentLatency,
} from "../../base/recent_latency.ts";
import type { Asked, FailureWord } from "./ask.ts";

/** Failures in a row from which on a decider is only probed. */
const BREAKER_FAILURES = 5;
/** Pause between two probes, ms. */
const PROBE_EVERY_MS = 1_000;
/** Most failures that are remembered. */
const FAILURES_MAX = 20;

const log = logger("decider");

/** A failure of a decider. */
export interface DeciderFailure {
  readonly atMs: number;
  readonly command: string;
  readonly reason: FailureWord;
  /** A sentence about it. */
  readonly error: string;
}

/** State and recent figures of a decider. */
export interface DeciderStatus {
  /** `failing`: its last answers did not count; `slow`: one in a hundred takes over 800 ms. */
  readonly state: "ok" | "slow" | "failing";
  /** Failures in a row. */
  readonly failures: number;
  readonly failingSinceMs: number | undefined;
  /** Answers of the last minute. */
  readonly latency: LatencySummary;
  /** Decisions since the start, by their word. */
  readonly decisions: Readonly<Record<string, number>>;
  /** The last failures, newest first. */
  readonly lastFailures: readonly DeciderFailure[];
}

/** The latency from which on a decider is slow, ms: Tencent waits 2 s in all. */
const SLOW_MS = 800;

/** A decider's breaker, latency and last failures, as this process knows them. */
export class DeciderHealth {
  #name: string;
  #failures = 0;
  #failingSinceMs: number | undefined;
  #nextProbeMs = 0;
  #latency = new RecentLatency();
  #decisions: Record<string, number> = {};
  #last: DeciderFailure[] = [];

  constructor(name: string) {
    this.#name = name;
  }

  /** True when it may be asked: always, or once a second after many failures in a row. */
  mayAsk(nowMs: number): boolean {
    if (this.#failures < BREAKER_FAILURES) return true;
    if (nowMs < this.#nextProbeMs) return false;
    this.#nextProbeMs = nowMs + PROBE_EVERY_MS;
    return true;
  }

  /** Takes the outcome of a question. */
  add(
    { decision, failure, error = "", command }: Asked & {
      readonly command: string;
    },
    nowMs: number,
  ): void {
    const word = decision.decision;
    this.#decisions[word] = (this.#decisions[word] ?? 0) + 1;
    this.#latency.add(decision.decisionMs, nowMs);
    if (failure === undefined) return this.#recover();
    this.#failures++;
    this.#failingSinceMs ??= nowMs;
    this.#last.unshift({ atMs: nowMs, command, reason: failure, error });
    this.#last.length = Math.min(this.#last.length, FAILURES_MAX);
    if (this.#failures !== BREAKER_FAILURES) return;
    this.#nextProbeMs = nowMs + PROBE_EVERY_MS;
    log.warn("Decider fails: it is asked once a second", {
      decider: this.#name,
      reason: failure,
    });
  }

  /** State and figures. */
  status(nowMs: number): DeciderStatus {
    const latency = this.#latency.summary(nowMs);
    const isSlow = latency.count > 0 && latency.p99Ms > SLOW_MS;
    const isFailing = this.#failures >= BREAKER_FAILURES;
    return {
      state: isFailing ? "failing" : isSlow ? "slow" : "ok",
      failures: this.#failures,
      failingSinceMs: this.#failingSinceMs,
      latency,
      decisions: { ...this.#decisions },
      lastFailures: [...this.#last],
    };
  }

  #recover(): void {
    if (this.#failures >= BREAKER_FAILURES) {
      log.info("Decider has recovered", {
        decider: this.#name,
        failures: this.#failures,
      });
    }
    this.#failures = 0;
    this.#failingSinceMs = undefined;
  }
}
