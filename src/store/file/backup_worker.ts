import { DatabaseSync } from "node:sqlite";
import { parentPort, workerData } from "node:worker_threads";
import type { CopyJob, CopyOutcome } from "./copy.ts";
import { assertKvSchema } from "./schema.ts";

/*
 * The entry of a Worker: copies one store in a thread of its own, for SQLite blocks the one it runs in.
 *
 * Row by row into an empty file, in one read transaction: the copy is the store at one moment, and holds
 * what is kept and nothing else. SQLite's own backup copies pages, in which deleted values still lie; its
 * VACUUM removes them, but Deno allows that only to a process that may do everything.
 */
function copy({ from, to }: CopyJob): CopyOutcome {
  try {
    using source = new DatabaseSync(from, { readOnly: true });
    using target = new DatabaseSync(to);
    // It is thrown away when anything goes wrong, and has no reader but this thread.
    target.exec("PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF");
    source.exec("BEGIN");
    target.exec("BEGIN");
    for (const { type, name, sql } of assertKvSchema(source)) {
      target.exec(sql);
      if (type === "table") copyRows(source, target, name);
    }
    target.exec("COMMIT");
    return { ok: true };
  } catch (error) {
    return { ok: false, reason: String(error) };
  }
}

function copyRows(
  source: DatabaseSync,
  target: DatabaseSync,
  table: string,
): void {
  const rows = source.prepare(`SELECT * FROM ${table}`);
  const columns = rows.columns().map(({ name }) => name);
  const places = columns.map(() => "?").join(", ");
  const insert = target.prepare(
    `INSERT INTO ${table} (${columns.join(", ")}) VALUES (${places})`,
  );
  for (const row of rows.iterate()) insert.run(...Object.values(row ?? {}));
}

parentPort?.postMessage(copy(workerData));
