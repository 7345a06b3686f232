import type { Callback } from "./trigger/request.ts";
import type { Outcome } from "./trigger/send.ts";
import type { NextCallback } from "./trigger/source.ts";

/** What to send and how much of it at once. */
export interface RunOptions {
  readonly next: NextCallback;
  readonly send: (callback: Callback) => Promise<Outcome>;
  readonly count: number;
  readonly concurrency: number;
  /** How often each callback is sent, one after the other, with the same bytes. */
  readonly copies: number;
  readonly onOutcome: (outcome: Outcome, groupId: string | undefined) => void;
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
        onOutcome(await send(callback), callback.groupId);
      }
    }
  }
  const width = Math.min(concurrency, count);
  await Promise.all(Array.from({ length: width }, work));
}
