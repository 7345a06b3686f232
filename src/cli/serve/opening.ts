import { logger } from "../../base/log.ts";
import { pause, type Sleep } from "../../base/wait.ts";

/** Time to wait for a store to open before the log tells so, and between two such lines, ms. */
const EVERY_MS = 3_000;

const log = logger("serve");

/**
 * Waits until the store is open, and says so while that takes long: another program may hold the
 * file's lock, or a remote server say nothing.
 */
export async function sayWhileOpening<T>(
  opening: Promise<T>,
  { path, tell, sleep }: {
    readonly path: string;
    /** Tells the service manager too. */
    readonly tell: (status: string) => void;
    readonly sleep?: Sleep;
  },
): Promise<T> {
  const done = new AbortController();
  const { signal } = done;
  const say = async () => {
    await pause(EVERY_MS, { signal, sleep });
    while (!signal.aborted) {
      log.warn(
        "Still opening the store: does another program hold its lock, or does its server not answer?",
        { path },
      );
      tell(`Still opening the store ${path}`);
      await pause(EVERY_MS, { signal, sleep });
    }
  };
  const saying = say();
  try {
    return await opening;
  } finally {
    done.abort();
    await saying;
  }
}
