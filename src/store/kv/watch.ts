import { logger } from "../../base/log.ts";
import { aborted, pause } from "../../base/wait.ts";
import type { Kv, KvKey } from "./kv.ts";

/** The pause before a watch that has ended begins anew, ms. */
const PAUSE_MS = 1_000;

/**
 * Tells of each new value of a key that a commit of any process has set, until it is disposed. Where the
 * server goes, it begins anew; what changed meanwhile is told once, as it is then.
 */
export function watchKey(
  kv: Pick<Kv, "watch">,
  key: KvKey,
  onValue: (value: unknown) => void,
): AsyncDisposable {
  const stop = new AbortController();
  const { signal } = stop;
  const watching = watchAgain();
  return {
    async [Symbol.asyncDispose]() {
      stop.abort();
      await watching;
    },
  };

  async function watchAgain(): Promise<void> {
    while (!signal.aborted) {
      try {
        await watchOnce();
      } catch (error) {
        logger("store").warn("Cannot watch the store: trying again", {
          error: String(error),
        });
      }
      await pause(PAUSE_MS, { signal });
    }
  }

  async function watchOnce(): Promise<void> {
    const reader = kv.watch<[unknown]>([[...key]]).getReader();
    const ended = aborted(signal);
    try {
      for (;;) {
        const result = await Promise.race([reader.read(), ended]);
        if (result === undefined || result.done) return;
        const [{ value }] = result.value;
        if (value !== null) onValue(value);
      }
    } finally {
      await reader.cancel().catch(() => {/* the server is gone */});
    }
  }
}
