import { DatabaseSync } from "node:sqlite";
import { createPrivateFile, removeFile } from "../../base/private_file.ts";
import { type Identity, readHead, readIdentity } from "../journal/head.ts";
import { importMark } from "../journal/import_mark.ts";
import { IDENTITY_KEY } from "../kv/keys.ts";
import { openKv, type WritableKv } from "../kv/kv.ts";
import { claim, isFile } from "./path.ts";
import { assertKvSchema } from "./schema.ts";

/** Settings of a restore. */
export interface RestoreOptions {
  /** A backup. */
  readonly from: string;
  /** Path of the store to make; nothing may be there. */
  readonly path: string;
  /** Changes the copy before it becomes a store: whatever fails here leaves nothing behind. */
  readonly prepare: (kv: WritableKv) => Promise<void>;
  readonly now?: () => number;
}

/** The restored journal. */
export interface Restored {
  readonly journalId: string;
  readonly formerId: string;
  /** The last number it holds. */
  readonly last: number;
}

const SQLITE_MAGIC = "SQLite format 3\0";

/**
 * Puts a backup where a store is to be. The copy is a journal of its own from then on, under a new
 * id; it counts as having imported what it holds, so that later events of the former one can be
 * imported into it.
 *
 * @throws {Error} when it is no backup, when something is there already, or when a process owns it
 */
export async function restoreStore(options: RestoreOptions): Promise<Restored> {
  const { from, path, prepare, now = Date.now } = options;
  if (!isFile(path)) {
    throw new Error(`Cannot restore to "${path}": expected the path of a file`);
  }
  await assertBackup(from);
  await assertUnused(from);
  using _lock = await claim(path);
  for (const name of [path, `${path}-wal`]) await assertAbsent(name);
  const part = await copyPrivately(from, path);
  try {
    assertWhole(part, from);
    const restored = await renew(part, { prepare, nowMs: now() });
    joinLog(part);
    await Deno.rename(part, path);
    return restored;
  } finally {
    await removeStore(part);
  }
}

/** Copies a backup into a file of a random name beside `path`, that only this user can read. */
async function copyPrivately(from: string, path: string): Promise<string> {
  using source = await Deno.open(from);
  const { path: part, file } = await createPrivateFile(path, ".part");
  try {
    await source.readable.pipeTo(file.writable);
    return part;
  } catch (error) {
    await removeStore(part);
    throw error;
  }
}

/** Gives the journal in this file a new id; its seed stays, for its digests are made with it. */
async function renew(
  path: string,
  { prepare, nowMs }: Pick<RestoreOptions, "prepare"> & {
    readonly nowMs: number;
  },
): Promise<Restored> {
  using kv = await openKv(path);
  const former = await readIdentity(kv);
  const { journal: last } = await readHead(kv);
  const id = crypto.randomUUID();
  const identity: Identity = { ...former, id, createdAtMs: nowMs };
  const { key, value } = importMark(former.id, last);
  await kv.atomic().set(IDENTITY_KEY, identity).set(key, value).commit();
  await prepare(kv);
  return { journalId: id, formerId: former.id, last };
}

/** Brings what the write-ahead log holds into the file: a rename moves the file alone. */
function joinLog(path: string): void {
  const database = new DatabaseSync(path);
  try {
    // The handle that wrote closes in a thread of its own.
    database.exec("PRAGMA busy_timeout = 10000");
    const row = database.prepare("PRAGMA journal_mode = DELETE").get();
    if (row?.journal_mode === "delete") return;
    throw new Error(`Cannot restore to "${path}": something else has it open`);
  } finally {
    database.close();
  }
}

async function assertBackup(path: string): Promise<void> {
  using file = await Deno.open(path);
  const start = new Uint8Array(SQLITE_MAGIC.length);
  await file.read(start);
  if (new TextDecoder().decode(start) === SQLITE_MAGIC) return;
  throw new Error(
    `Cannot restore "${path}": expected a file that "imhook backup" made`,
  );
}

/** A store in use has its newest events in files beside it, which a copy of this one would miss. */
async function assertUnused(path: string): Promise<void> {
  const beside = await Deno.stat(`${path}-wal`).catch(() => undefined);
  if (beside === undefined || beside.size === 0) return;
  throw new Error(
    `Cannot restore "${path}": it is a store, whose newest events lie in "${path}-wal"; expected a file that "imhook backup" made. To go on with that store, start the server on it`,
  );
}

/**
 * Looks at the tables of a copy, and at every page: a damaged one would be found when somebody reads
 * it, too late, and a trigger would run at the first commit.
 */
function assertWhole(copy: string, from: string): void {
  let found: unknown;
  try {
    using database = new DatabaseSync(copy);
    database.exec("PRAGMA trusted_schema = OFF");
    assertKvSchema(database);
    found = database.prepare("PRAGMA integrity_check(1)").get()
      ?.integrity_check;
  } catch (error) {
    found = error instanceof Error ? error.message : error;
  }
  if (found === "ok") return;
  throw new Error(
    `Cannot restore "${from}": the file is damaged or was changed (${found}); use another backup`,
  );
}

async function assertAbsent(path: string): Promise<void> {
  try {
    await Deno.lstat(path);
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return;
    throw error;
  }
  throw new Error(
    `Cannot restore to "${path}": a file is there; move it away, or name another with --kv`,
  );
}

async function removeStore(path: string): Promise<void> {
  for (const suffix of ["", "-wal", "-shm", "-journal"]) {
    await removeFile(path + suffix);
  }
}
