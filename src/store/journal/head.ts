import { delay } from "@std/async/delay";
import { HEAD_KEY, IDENTITY_KEY } from "../kv/keys.ts";
import type { Kv } from "../kv/kv.ts";

/** The end of both sequences: written and checked by every commit to the journal. */
export interface Head {
  /** The last number in the journal; 0 while it is empty. */
  readonly journal: number;
  /** The last number in the quarantine; numbers are never used again. */
  readonly quarantine: number;
  /** The batch that wrote this head. */
  readonly batchId: Uint8Array;
  /** The number that the journal began with: 1, but for one that was imported from elsewhere. */
  readonly began: number;
  /** The latest receive time that was ever in the journal, Unix ms; 0 while it is empty. */
  readonly latestMs: number;
  /** True when several processes may share the store, each with a lane of its own. */
  readonly hasLanes?: true | undefined;
}

/** A head with the versionstamp that a commit checks. */
export interface StampedHead extends Head {
  readonly versionstamp: string;
}

/** The two forms of its value: a version that knows no lanes must not open a store that has them. */
const HEAD_FORMAT = 1;
const LANES_HEAD_FORMAT = 2;
const HEAD_BYTES = 49;

/** The identity of a journal. */
export interface Identity {
  /** A random UUID; a restored copy is another journal. */
  readonly id: string;
  /** 8 random bytes for the digests. */
  readonly digestSeed: Uint8Array;
  readonly createdAtMs: number;
}

/** Tries of the first commit: a handle that is just being closed may hold the file. */
const CREATE_TRIES = 20;
const CREATE_PAUSE_MS = 50;

/** The journal's identity and head, made now if this store has none. */
export async function openHead(
  kv: Kv,
  { nowMs, hasLanes = false }: {
    readonly nowMs: number;
    /** True when several processes share the store. */
    readonly hasLanes?: boolean;
  },
): Promise<{ readonly identity: Identity; readonly head: StampedHead }> {
  const known = await kv.get(IDENTITY_KEY);
  for (let tries = 1; known.versionstamp === null; tries++) {
    try {
      await createHead(kv, nowMs);
      break;
    } catch (error) {
      if (tries === CREATE_TRIES) throw error;
      await delay(CREATE_PAUSE_MS);
    }
  }
  const head = await readHead(kv);
  const isShared = head.hasLanes ?? false;
  if (isShared && !hasLanes) throw new TypeError(SHARED);
  return {
    identity: await readIdentity(kv),
    head: hasLanes && !isShared ? await addLanes(kv, head) : head,
  };
}

const SHARED =
  "the store was shared by several processes, whose newest events may lie in lanes; expected the https:// URL of its KV Connect server";

/** Lets several processes share the store: versions that know no lanes refuse it from now on. */
async function addLanes(
  kv: Kv,
  { versionstamp, ...head }: StampedHead,
): Promise<StampedHead> {
  await kv.atomic().check({ key: HEAD_KEY, versionstamp })
    .set(HEAD_KEY, encodeHead({ ...head, hasLanes: true })).commit();
  // Not done: another process that starts has done it.
  return await readHead(kv);
}

async function createHead(kv: Kv, nowMs: number): Promise<void> {
  const identity: Identity = {
    id: crypto.randomUUID(),
    digestSeed: crypto.getRandomValues(new Uint8Array(8)),
    createdAtMs: nowMs,
  };
  const head: Head = {
    journal: 0,
    quarantine: 0,
    batchId: new Uint8Array(16),
    began: 1,
    latestMs: 0,
  };
  // A failed check means that another process was first: then its values count.
  await kv.atomic()
    .check({ key: IDENTITY_KEY, versionstamp: null })
    .check({ key: HEAD_KEY, versionstamp: null })
    .set(IDENTITY_KEY, identity)
    .set(HEAD_KEY, encodeHead(head))
    .commit();
}

/**
 * A head as its value: format u8 (2 with lanes, else 1) | batch id 16 B | journal, quarantine, began and latestMs as f64.
 * Deno KV serializes an object as well, but each commit writes this, and waits for that.
 */
export function encodeHead(head: Head): Uint8Array {
  const value = new Uint8Array(HEAD_BYTES);
  const view = new DataView(value.buffer);
  value[0] = head.hasLanes ? LANES_HEAD_FORMAT : HEAD_FORMAT;
  value.set(head.batchId, 1);
  view.setFloat64(17, head.journal);
  view.setFloat64(25, head.quarantine);
  view.setFloat64(33, head.began);
  view.setFloat64(41, head.latestMs);
  return value;
}

/**
 * Reads the value of a head.
 *
 * @throws {TypeError} when it has another form
 */
export function decodeHead(value: unknown): Head {
  const isBytes = value instanceof Uint8Array && value.length === HEAD_BYTES;
  const format = isBytes ? value[0] : undefined;
  if (!isBytes || (format !== HEAD_FORMAT && format !== LANES_HEAD_FORMAT)) {
    throw new TypeError(
      `Cannot read the journal's head: expected format ${HEAD_FORMAT} or ${LANES_HEAD_FORMAT}; another version of imhook wrote this store, and can export it`,
    );
  }
  const view = new DataView(value.buffer, value.byteOffset, value.length);
  return {
    batchId: value.slice(1, 17),
    journal: view.getFloat64(17),
    quarantine: view.getFloat64(25),
    began: view.getFloat64(33),
    latestMs: view.getFloat64(41),
    ...format === LANES_HEAD_FORMAT && { hasLanes: true },
  };
}

/**
 * The journal's end as it is now.
 *
 * @throws {TypeError} when the store holds none, or one of another form
 */
export async function readHead(
  kv: Pick<Kv, "get">,
): Promise<StampedHead> {
  const { value, versionstamp } = await kv.get(HEAD_KEY);
  if (versionstamp === null) {
    throw new TypeError(
      "Cannot read the journal's head: the store holds none; if it holds events, another version of imhook wrote it, and can export them",
    );
  }
  return { ...decodeHead(value), versionstamp };
}

/**
 * The identity of the journal in this store.
 *
 * @throws {TypeError} when the store holds none
 */
export async function readIdentity(
  kv: Pick<Kv, "get">,
): Promise<Identity> {
  const entry = await kv.get<Identity>(IDENTITY_KEY);
  if (entry.versionstamp === null) {
    throw new TypeError("Cannot read the journal's id: the store holds none");
  }
  return entry.value;
}
