import { backup, DatabaseSync } from "node:sqlite";
import { parentPort, workerData } from "node:worker_threads";
import type { CopyJob, CopyOutcome } from "./backup.ts";

/** All pages in one step: SQLite begins anew when somebody writes between two steps. */
const ALL_PAGES = -1;

/*
 * The entry of a Worker: copies one store in a thread of its own, for SQLite blocks the one it runs
 * in. One step reads in one transaction, so the copy is the store at one moment. (`VACUUM INTO` would
 * do as well, but Deno allows it only to a process that may do everything.)
 */
async function copy({ from, to }: CopyJob): Promise<CopyOutcome> {
  try {
    const database = new DatabaseSync(from, { readOnly: true });
    try {
      await backup(database, to, { rate: ALL_PAGES });
    } finally {
      database.close();
    }
    return { ok: true };
  } catch (error) {
    return { ok: false, reason: String(error) };
  }
}

parentPort?.postMessage(await copy(workerData));
