import { logger } from "../base/log.ts";
import { removeCopies } from "./file/copy.ts";
import { StoreLockedError } from "./file/lock.ts";
import { claim, isFile, isRemote, makePrivate } from "./file/path.ts";
import {
  decodeHead,
  type Head,
  type Identity,
  openHead,
} from "./journal/head.ts";
import { Tail } from "./journal/tail.ts";
import { HEAD_KEY } from "./kv/keys.ts";
import {
  type Kv,
  type KvEntryMaybe,
  openKv,
  type WritableKv,
} from "./kv/kv.ts";
import { Lease } from "./kv/lease.ts";
import { Turns } from "./kv/turns.ts";
import {
  type QuarantineIndex,
  recallQuarantineIndex,
} from "./quarantine/quarantine_index.ts";
import { createDigester, type Digester } from "./writer/digest.ts";
import { recallWindow } from "./writer/window.ts";
import {
  type CommitObserver,
  Writer,
  type WriterOptions,
} from "./writer/writer.ts";

/** An open store: one writer, and handles for reading beside it. */
export interface Store extends AsyncDisposable {
  readonly identity: Identity;
  readonly writer: Writer;
  readonly digest: Digester;
  /** What the quarantine holds. */
  readonly quarantineIndex: QuarantineIndex;
  /** Wakes readers that wait at the journal's end. */
  readonly tail: Tail;
  /** For readers: a scan on the writer's handle would slow it ten times. */
  readonly reader: Kv;
  /** For whatever else is written, in turn with the Writer. */
  readonly side: WritableKv;
  /** As `side`, for what consumers write: it fails where another process runs them. */
  readonly fenced: WritableKv;
  /** Who runs the consumers, where several processes may share the store; else this one does. */
  readonly lease: Lease | undefined;
}

/** Where the store is, and its bounds. */
export interface StoreOptions {
  /** A file's path, `:memory:`, or the https:// URL of a KV Connect server. */
  readonly path: string;
  /** Records the duplicate window holds at the most. */
  readonly dedupeMax: number;
  readonly observeCommit?: CommitObserver | undefined;
  /** Overrides for tests. */
  readonly writer?: Partial<WriterOptions>;
  readonly leaseTermMs?: number;
  readonly now?: () => number;
}

/**
 * Opens a store, creating it where there is none, and takes its lock.
 *
 * @throws {StoreLockedError} when another process owns it
 */
export async function openStore(options: StoreOptions): Promise<Store> {
  const { path, dedupeMax, observeCommit } = options;
  const now = options.now ?? Date.now;
  await using stack = new AsyncDisposableStack();
  if (isFile(path)) await prepareFile(path, stack);
  const { kv, reader, side } = await openHandles(path, stack);
  const { identity, head } = await openHead(kv, now());
  const turns = new Turns();
  // Handles on one file wait for each other; one handle, and a server, do that by themselves.
  const shared = (own: Kv) => isFile(path) ? turns.share(own) : own;
  const window = await recallWindow(kv, { max: dedupeMax, nowMs: now() });
  const quarantineIndex = await recallQuarantineIndex(kv);
  const digest = await createDigester(identity.digestSeed);
  const tail = new Tail(head.journal);
  const onCommit = ({ journal }: Head) => tail.advance(journal);
  const writer = stack.use(
    new Writer({
      kv: shared(kv),
      head,
      window,
      quarantineIndex,
      now,
      onCommit,
      observeCommit,
      leavesTurns: isRemote(path),
      ...options.writer,
    }),
  );
  if (isRemote(path)) stack.use(followHead(reader, onCommit));
  const lease = isRemote(path)
    ? stack.use(
      new Lease({ kv: turns.share(side), termMs: options.leaseTermMs }),
    )
    : undefined;
  const fenced = lease === undefined
    ? shared(side)
    : turns.share(lease.fence(side));
  const owned = stack.move();
  return {
    identity,
    writer,
    digest,
    quarantineIndex,
    tail,
    reader,
    side: shared(side),
    fenced,
    lease,
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  };
}

/** Locks the file, keeps others from reading it, and takes away what a killed backup left. */
async function prepareFile(
  path: string,
  stack: AsyncDisposableStack,
): Promise<void> {
  stack.use(await named(path, () => claim(path)));
  await named(path, () => makePrivate(path));
  // As large as the store.
  await named(path, () => removeCopies(path));
}

/** One for the Writer, one for readers, one for what else is written; memory has but one. */
async function openHandles(
  path: string,
  stack: AsyncDisposableStack,
): Promise<Record<"kv" | "reader" | "side", Kv>> {
  const kv = stack.use(await openHandle(path));
  if (path === ":memory:") return { kv, reader: kv, side: kv };
  const reader = stack.use(await openHandle(path));
  const side = stack.use(await openHandle(path));
  return { kv, reader, side };
}

/** Tells of the commits of other processes, until it is disposed. */
function followHead(
  kv: Kv,
  onCommit: (head: Head) => void,
): AsyncDisposable {
  const reader = kv.watch<[unknown]>([HEAD_KEY]).getReader();
  const following = follow(reader, onCommit);
  return {
    async [Symbol.asyncDispose]() {
      await reader.cancel().catch(() => {/* the server is gone */});
      await following;
    },
  };
}

async function follow(
  reader: ReadableStreamDefaultReader<[KvEntryMaybe<unknown>]>,
  onCommit: (head: Head) => void,
): Promise<void> {
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return;
      const [{ value: head }] = value;
      if (head !== null) onCommit(decodeHead(head));
    }
  } catch (error) {
    logger("store").error("Cannot follow the journal of others", {
      error: String(error),
    });
  }
}

async function openHandle(path: string): Promise<Kv> {
  return await named(path, () => openKv(path));
}

/** Names the store in whatever goes wrong while it is being opened. */
async function named<T>(path: string, open: () => Promise<T>): Promise<T> {
  try {
    return await open();
  } catch (cause) {
    if (cause instanceof StoreLockedError) throw cause;
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new Error(`Cannot open store "${path}": ${reason}`, { cause });
  }
}
