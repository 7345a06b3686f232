import type { DatabaseSync } from "node:sqlite";

/** A table or index of a store's file, as SQLite keeps it. */
export interface SchemaEntry {
  readonly type: "table" | "index";
  readonly name: string;
  /** The statement that makes it. */
  readonly sql: string;
}

/** The tables and indexes that Deno KV makes. */
const OWN: ReadonlyMap<string, SchemaEntry["type"]> = new Map([
  ["migration_state", "table"],
  ["data_version", "table"],
  ["kv", "table"],
  ["queue", "table"],
  ["queue_running", "table"],
  ["kv_expiration_ms_idx", "index"],
]);

/** SQLite makes these by itself, for a primary key. */
const AUTOMATIC_REGEXP = /^sqlite_autoindex_(queue|queue_running)_1$/;

/** Whatever would compute something in a table or index of ours. */
const ACTIVE_REGEXP = /\b(as|check|references|virtual|generated|where)\b/i;

/**
 * The tables and indexes of a store's file, tables first.
 *
 * @throws {TypeError} when there is a trigger, a view, or anything else that Deno KV does not make:
 * it would run when the store is used
 */
export function assertKvSchema(database: DatabaseSync): SchemaEntry[] {
  const rows = database
    .prepare("SELECT type, name, sql FROM sqlite_schema ORDER BY type DESC")
    .all();
  const entries: SchemaEntry[] = [];
  for (const { type, name, sql } of rows) {
    const isAutomatic = sql === null && AUTOMATIC_REGEXP.test(String(name));
    if (type === "index" && isAutomatic) continue;
    const ownType = OWN.get(String(name));
    const isOwn = ownType === type && typeof sql === "string" &&
      !ACTIVE_REGEXP.test(sql);
    if (ownType === undefined || !isOwn) {
      throw new TypeError(`the ${type} "${name}" is none that Deno KV makes`);
    }
    entries.push({ type: ownType, name: String(name), sql });
  }
  return entries;
}
