import { STATUS_CODE } from "@std/http/status";
import { explainFailure } from "../client/failures.ts";
import type { Callback } from "./request.ts";
import type { NextCallback } from "./source.ts";

/** The outcome of one request. */
export type SendOutcome =
  | {
    readonly kind: "answered";
    /** HTTP 200 and an Ack that says OK. */
    readonly isOk: boolean;
    readonly status: number;
    /** The answer as received; no more than 64 KiB of it are read. */
    readonly answer: string;
    readonly elapsedMs: number;
  }
  | {
    readonly kind: "unanswered";
    readonly isOk: false;
    readonly reason: string;
    /** Advice to a person. */
    readonly hint: string;
    readonly elapsedMs: number;
  };

/** Target, and longest wait for the answer. */
export interface SendOptions {
  /** Carries no query. */
  readonly url: URL;
  /** @default {10000} */
  readonly timeoutMs?: number;
}

const MAX_ANSWER_BYTES = 64 * 1024;
const DEFAULT_TIMEOUT_MS = 10_000;
/**
 * Posts one callback and reads the answer.
 *
 * @throws {Error} only for what is no trouble of the network, as a missing permission
 */
export async function sendCallback(
  { query, body }: Callback,
  { url, timeoutMs = DEFAULT_TIMEOUT_MS }: SendOptions,
): Promise<SendOutcome> {
  const startMs = performance.now();
  try {
    const response = await fetch(`${url.href}?${query}`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body,
      // To Tencent anything but 200 is a failure; it follows nothing.
      redirect: "manual",
      signal: AbortSignal.timeout(timeoutMs),
    });
    const answer = await readBounded(response);
    return {
      kind: "answered",
      isOk: response.status === STATUS_CODE.OK && isOkAck(answer),
      status: response.status,
      answer,
      elapsedMs: performance.now() - startMs,
    };
  } catch (error) {
    // An unanswered request is a result here, counted beside the others.
    return {
      kind: "unanswered",
      isOk: false,
      ...explainFailure(error, "--to"),
      elapsedMs: performance.now() - startMs,
    };
  }
}

async function readBounded(response: Response): Promise<string> {
  const decoder = new TextDecoder();
  let text = "";
  let sizeBytes = 0;
  // Leaving the loop early cancels the rest of the body.
  for await (const chunk of response.body ?? []) {
    text += decoder.decode(chunk, { stream: true });
    sizeBytes += chunk.length;
    if (sizeBytes > MAX_ANSWER_BYTES) break;
  }
  return text + decoder.decode();
}

function isOkAck(answer: string): boolean {
  try {
    const ack: unknown = JSON.parse(answer);
    return typeof ack === "object" && ack !== null && "ActionStatus" in ack &&
      ack.ActionStatus === "OK";
  } catch {
    // Tencent calls an answer that is no JSON a failure, too.
    return false;
  }
}

/** The callbacks of one run, and how many at once. */
export interface RunOptions {
  readonly next: NextCallback;
  readonly send: (callback: Callback) => Promise<SendOutcome>;
  readonly count: number;
  readonly concurrency: number;
  /** Number of times that each callback is sent, one after the other, with the same bytes. */
  readonly copies: number;
  readonly onOutcome: (
    outcome: SendOutcome,
    callback: Callback,
  ) => void;
}

/** Sends `count` callbacks, up to `concurrency` at a time, each when there is room for it. */
export async function sendAll(options: RunOptions): Promise<void> {
  const { next, send, count, concurrency, copies, onOutcome } = options;
  let startedCount = 0;
  async function work(): Promise<void> {
    while (startedCount < count) {
      startedCount++;
      const callback = next();
      for (let copy = 0; copy < copies; copy++) {
        onOutcome(await send(callback), callback);
      }
    }
  }
  const width = Math.min(concurrency, count);
  await Promise.all(Array.from({ length: width }, work));
}
