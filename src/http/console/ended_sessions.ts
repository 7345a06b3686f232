// Ended sessions in the store: a cookie that was ended stays so over restarts, in every process.
import { logger } from "../../base/log.ts";
import { endSession, listEndedSessions } from "../../store/sessions.ts";
import type { Store } from "../../store/open.ts";
import type { EndedSessions } from "../edge/session.ts";

/** Time after which the store is asked for sessions that other processes have ended, ms. */
const REFRESH_MS = 5_000;

const log = logger("console");

/** Ended sessions that the store remembers. */
export async function openEndedSessions(
  { reader, side }: Pick<Store, "reader" | "side">,
  { now = Date.now }: { readonly now?: () => number } = {},
): Promise<EndedSessions> {
  const ids = new Set(await listEndedSessions(reader));
  let readAtMs = now();
  const refresh = async () => {
    try {
      for (const id of await listEndedSessions(reader)) ids.add(id);
    } catch (error) {
      log.warn("Cannot read which sessions have ended", {
        error: String(error),
      });
    }
  };
  return {
    has(id) {
      if (now() - readAtMs >= REFRESH_MS) {
        readAtMs = now();
        void refresh();
      }
      return ids.has(id);
    },
    async add(id, endMs) {
      ids.add(id);
      await endSession(side, { id, endMs, nowMs: now() });
    },
  };
}
