import { STATUS_CODE } from "@std/http/status";
import { readObject } from "../../protocol/body.ts";
import { explainAnswer, isDecidable } from "../../protocol/decisions.ts";
import type { Io } from "../terminal/io.ts";
import { createProgress, type ProgressLine } from "../terminal/progress.ts";
import type { Callback } from "./request.ts";
import type { SendOutcome } from "./send.ts";

/** The run that a report is about. */
export interface ReportOptions {
  readonly io: Pick<Io, "out" | "talk" | "redraw">;
  readonly url: URL;
  /** Callbacks to send. */
  readonly count: number;
  /** Requests to send: more than callbacks where each is sent twice. */
  readonly requestCount: number;
}

const MAX_LINES = 20;
const MAX_SHOWN_CHARS = 300;
/** The form of a Sign, which a server may send back within an error page. */
const SIGN_REGEXP = /[0-9a-f]{64}/gi;
const CONTROL_REGEXP = /\p{Cc}+/gu;

/**
 * Tells a person how a run goes: a line for each request of up to 20 callbacks; of more callbacks
 * a line for each of the first 20 failures, and a progress line where there is a terminal.
 */
export class Report {
  #io: Pick<Io, "out" | "talk">;
  #origin: string;
  #isLong: boolean;
  #progress: ProgressLine;
  #startMs = performance.now();
  #latenciesMs: number[] = [];
  #okCount = 0;
  #failedCount = 0;
  #explained = new Set<string>();

  constructor({ io, url, count, requestCount }: ReportOptions) {
    this.#io = io;
    this.#origin = url.origin;
    this.#isLong = count > MAX_LINES;
    this.#progress = createProgress({
      total: requestCount,
      redraw: this.#isLong ? io.redraw : undefined,
    });
  }

  /** Counts one request and prints it where it deserves a line. */
  add(outcome: SendOutcome, callback: Callback): void {
    if (outcome.isOk) this.#okCount++;
    else this.#failedCount++;
    if (outcome.kind === "answered") this.#latenciesMs.push(outcome.elapsedMs);
    const isShown = !this.#isLong ||
      (!outcome.isOk && this.#failedCount <= MAX_LINES);
    if (isShown) {
      this.#progress.clear();
      this.#io.out(outcomeLine(outcome, callback.groupId));
      this.#tellMeaning(outcome, callback);
    }
    if (outcome.kind === "unanswered") this.#explainOnce(outcome);
    this.#progress.update(this.#okCount + this.#failedCount);
  }

  /** Prints the summary and returns whether every request was answered OK. */
  finish(): boolean {
    this.#progress.clear();
    const hiddenCount = this.#isLong ? this.#failedCount - MAX_LINES : 0;
    if (hiddenCount > 0) this.#io.talk(`… and ${hiddenCount} more failed`);
    const elapsedMs = performance.now() - this.#startMs;
    const doneCount = this.#okCount + this.#failedCount;
    const perSecond = Math.round(doneCount * 1000 / Math.max(elapsedMs, 1));
    this.#io.talk(
      `${this.#okCount} ok, ${this.#failedCount} failed, ` +
        `${perSecond} requests/s${latencyPart(this.#latenciesMs)}`,
    );
    return this.#failedCount === 0;
  }

  /** Tells what Tencent would make of the answer, where it counts. */
  #tellMeaning(outcome: SendOutcome, { command, body }: Callback): void {
    if (outcome.kind !== "answered" || outcome.status !== STATUS_CODE.OK) {
      return;
    }
    if (!isDecidable(command)) return;
    const read = readObject(body);
    const asked = { command, body: read?.body ?? {} };
    const told = explainAnswer(readAnswer(outcome.answer), asked);
    this.#io.talk(`  ${shown(told)}`);
  }

  #explainOnce({ reason, hint }: { reason: string; hint: string }): void {
    if (this.#explained.has(reason)) return;
    this.#explained.add(reason);
    this.#progress.clear();
    // The origin alone: a receiver's path may be a secret.
    this.#io.talk(`Cannot reach ${this.#origin}/: ${reason}; ${hint}`);
  }
}

/**
 * The value that a share of the sorted values does not exceed (nearest rank).
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * assertEquals(quantile(Float64Array.of(1, 2, 3, 4), 0.5), 2);
 * ```
 */
export function quantile(sorted: Float64Array, share: number): number {
  return sorted[Math.max(Math.ceil(share * sorted.length) - 1, 0)] ?? NaN;
}

/** The answer as JSON; undefined where it is none. */
function readAnswer(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // No JSON: a failed callback to Tencent.
    return undefined;
  }
}

function outcomeLine(
  outcome: SendOutcome,
  groupId: string | undefined,
): string {
  const result = outcome.kind === "answered"
    ? `${outcome.status} ${shown(outcome.answer)}`
    : `--- ${outcome.reason}`;
  const subject = groupId === undefined ? "" : `  ${shown(groupId)}`;
  return `${result} ${formatMs(outcome.elapsedMs)}${subject}`;
}

/** Text from outside, safe for a terminal: one line, not endless, no Sign. */
function shown(text: string): string {
  const safe = text.replace(SIGN_REGEXP, "<64 hex digits>")
    .replace(CONTROL_REGEXP, " ").trim();
  if (safe.length <= MAX_SHOWN_CHARS) return safe;
  return `${safe.slice(0, MAX_SHOWN_CHARS).toWellFormed()}…`;
}

/** Of answered requests only: a refused connection is fast and says nothing. */
function latencyPart(latenciesMs: readonly number[]): string {
  if (latenciesMs.length === 0) return "";
  const sorted = Float64Array.from(latenciesMs).sort();
  const p50 = formatMs(quantile(sorted, 0.5));
  return `, p50 ${p50}, p99 ${formatMs(quantile(sorted, 0.99))}`;
}

function formatMs(ms: number): string {
  return `${ms.toFixed(1)} ms`;
}
