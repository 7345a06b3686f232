import type {
  Kv,
  KvKey,
  KvListSelector,
  ReadableKv,
  WritableKv,
} from "../../store/kv/kv.ts";
import { mutationBytes } from "../../store/kv/size.ts";
import {
  DIRECTORIES_KEY,
  type DirectoryKeys,
  directoryKeys,
  type Generation,
} from "./keys.ts";

/**
 * The version of the folds. Raise it whenever events are folded otherwise: a store of another version then
 * rebuilds its directory by itself. What is kept must stay readable all the same: the base holds what has left the
 * journal, as it was folded (see fold/codec.ts and row.ts).
 */
export const DIRECTORY_VERSION = 3;

/** The generations that exist. */
export interface Directories {
  /** The generation that is read. */
  readonly live: number;
  /** The generation that a rebuild makes. */
  readonly building?: number | undefined;
  /** A generation that was read before and is still to be removed. */
  readonly leaving?: number | undefined;
}

/** Progress of a generation through the journal. */
export interface DirectoryCursor {
  /** The last record that is in it. */
  readonly seq: number;
  /** The DIRECTORY_VERSION that it was begun with. */
  readonly version: number;
}

/** A cursor with the versionstamp that the next commit checks. */
export interface StampedCursor extends DirectoryCursor {
  readonly versionstamp: string | null;
}

/** The generations; before the first projector ran there is one, and it is empty. */
export async function readDirectories(
  kv: Pick<Kv, "get">,
): Promise<Directories> {
  const { value } = await kv.get<Directories>(DIRECTORIES_KEY);
  return value ?? { live: 1 };
}

/** Notes the generations. */
export async function putDirectories(
  kv: Pick<Kv, "atomic">,
  directories: Directories,
): Promise<void> {
  await kv.atomic().set(DIRECTORIES_KEY, directories).commit();
}

/** The generation that is read. */
async function liveGeneration(
  kv: Pick<Kv, "get">,
): Promise<Generation> {
  return (await readDirectories(kv)).live;
}

/**
 * Reads from the generation that is read. Where a rebuild has put another in its place meanwhile, the old
 * one may be half removed: then it is read anew.
 */
export async function readLive<T>(
  kv: ReadableKv,
  read: (keys: DirectoryKeys) => Promise<T>,
): Promise<T> {
  for (;;) {
    const generation = await liveGeneration(kv);
    const result = await read(directoryKeys(generation));
    if (await liveGeneration(kv) === generation) return result;
  }
}

/** Reads the progress of a generation; 0, and this version, before its first commit. */
export async function readCursor(
  kv: Pick<Kv, "get">,
  keys: DirectoryKeys,
): Promise<StampedCursor> {
  const entry = await kv.get<DirectoryCursor>(keys.cursor);
  const { value, versionstamp } = entry;
  const { seq, version } = value ?? { seq: 0, version: DIRECTORY_VERSION };
  return { seq, version, versionstamp };
}

/** Keys that a copy or a removal takes at once. */
const STEP_KEYS = 48;

/** The size of a copying commit, bytes. */
const COPY_MAX_BYTES = 200_000;

/**
 * Removes some keys of a prefix, and says whether there may be more.
 */
export async function removeSome(
  kv: WritableKv,
  prefix: KvKey,
): Promise<boolean> {
  const operation = kv.atomic();
  const bounds = { limit: STEP_KEYS, batchSize: STEP_KEYS };
  let found = 0;
  for await (const { key } of kv.list({ prefix }, bounds)) {
    operation.delete(key);
    found++;
  }
  if (found > 0) await operation.commit();
  return found === STEP_KEYS;
}

/**
 * Copies some keys of one generation to another, from behind `after`, and says where to go on;
 * undefined when all are copied. The cursor is left to the caller, who writes it last.
 */
export async function copySome(
  kv: WritableKv,
  { from, to, after }: {
    readonly from: DirectoryKeys;
    readonly to: DirectoryKeys;
    readonly after: KvKey | undefined;
  },
): Promise<KvKey | undefined> {
  const operation = kv.atomic();
  let last: KvKey | undefined;
  let found = 0;
  let bytes = 0;
  const bounds = { limit: STEP_KEYS, batchSize: STEP_KEYS };
  for await (const { key, value } of kv.list(behind(from, after), bounds)) {
    last = key;
    found++;
    if (key[2] === "cursor") continue;
    operation.set([...to.prefix, ...key.slice(from.prefix.length)], value);
    bytes += mutationBytes({ key, value });
    if (bytes > COPY_MAX_BYTES) break;
  }
  if (found > 0) await operation.commit();
  return found === STEP_KEYS || bytes > COPY_MAX_BYTES ? last : undefined;
}

function behind(
  { prefix }: DirectoryKeys,
  after: KvKey | undefined,
): KvListSelector {
  if (after === undefined) return { prefix };
  // The least key behind one: the same with one more, least segment.
  return { prefix, start: [...after, new Uint8Array()] };
}
