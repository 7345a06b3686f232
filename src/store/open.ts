import { removeCopies } from "./file/copy.ts";
import { StoreLockedError } from "./file/lock.ts";
import { claim, isFile, isRemote, makePrivate } from "./file/path.ts";
import { decodeHead, type Identity, openHead } from "./journal/head.ts";
import { Tail } from "./journal/tail.ts";
import { answered, withDeadline } from "./kv/deadline.ts";
import { HEAD_KEY, LANE_TICK_KEY } from "./kv/keys.ts";
import { type Kv, openKv, type WritableKv } from "./kv/kv.ts";
import { Lease } from "./kv/lease.ts";
import { Turns } from "./kv/turns.ts";
import { watchKey } from "./kv/watch.ts";
import { Lane } from "./lanes/lane.ts";
import { LaneUpkeep } from "./lanes/lane_upkeep.ts";
import { LaneWatch } from "./lanes/lane_watch.ts";
import { Sequencer } from "./lanes/sequencer.ts";
import {
  type QuarantineIndex,
  recallQuarantineIndex,
} from "./quarantine/quarantine_index.ts";
import { Committer } from "./writer/committer.ts";
import { Dedupe } from "./writer/dedupe.ts";
import { createDigester, type Digester } from "./writer/digest.ts";
import { recallWindow } from "./writer/window.ts";
import {
  type CallbackWriter,
  type CommitObserver,
  Writer,
  type WriterOptions,
} from "./writer/writer.ts";

/** An open store: one way in for callbacks, and handles for reading beside it. */
export interface Store extends AsyncDisposable {
  readonly identity: Identity;
  /** Keeps callbacks: in the journal, or where several processes share the store in a lane. */
  readonly writer: CallbackWriter;
  /** Appends to the journal and tells the number; it refuses where another process does that. */
  readonly journalWriter: Writer;
  readonly digest: Digester;
  /** The quarantined items. */
  readonly quarantineIndex: QuarantineIndex;
  /** The journal's end: wakes readers waiting for new events, and has the newest in memory. */
  readonly tail: Tail;
  /** For readers: a scan on the writer's handle would slow it ten times. */
  readonly reader: Kv;
  /** For everything else that is written, in turn with the Writer. */
  readonly side: WritableKv;
  /** As `side`, for consumers: its commits fail where another process runs them. */
  readonly fenced: WritableKv;
  /** The right to run the consumers; undefined where no other process can share the store. */
  readonly lease: Lease | undefined;
  /** State of this process's lane; undefined where no other process can share the store. */
  readonly lane: LaneWatch | undefined;
}

/** Settings of a store. */
export interface StoreOptions {
  /** A file's path, `:memory:`, or the https:// URL of a KV Connect server. */
  readonly path: string;
  /** Records the duplicate window holds at the most. */
  readonly dedupeMax: number;
  readonly observeCommit?: CommitObserver | undefined;
  /** This process, as the people are told of it who ask another one. */
  readonly name?: string | undefined;
  readonly leaseTermMs?: number;
  readonly now?: () => number;
  /** Overrides for tests. */
  readonly writer?: Partial<WriterOptions>;
}

/**
 * Opens a store, creating it where there is none, and takes its lock.
 *
 * @throws {StoreLockedError} when another process owns it
 */
export async function openStore(options: StoreOptions): Promise<Store> {
  const { path } = options;
  await using stack = new AsyncDisposableStack();
  if (isFile(path)) await prepareFile(path, stack);
  const handles = await openHandles(path, stack);
  const parts = await named(path, () => openParts(options, handles));
  const opened = isRemote(path)
    ? openShared(options, { handles, parts, stack })
    : openOwn(options, { handles, parts, stack });
  const { identity, digest, tail, quarantineIndex } = parts;
  const { reader } = handles;
  const owned = stack.move();
  return {
    identity,
    digest,
    tail,
    quarantineIndex,
    reader,
    ...opened,
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  };
}

/** One handle for the Writer, one for readers, one for everything else; memory has but one. */
type Handles = Readonly<Record<"kv" | "reader" | "side", Kv>>;

/** The parts that every store is opened with. */
interface Opening {
  readonly handles: Handles;
  readonly parts: Parts;
  readonly stack: AsyncDisposableStack;
}

/** The parts that are read from a store when it is opened. */
type Parts = Awaited<ReturnType<typeof openParts>>;

/** The fields of a store that differ where several processes share it. */
type Opened = Pick<
  Store,
  "writer" | "journalWriter" | "side" | "fenced" | "lease" | "lane"
>;

async function openParts(
  { path, dedupeMax, now = Date.now }: StoreOptions,
  { reader: kv }: Handles,
) {
  const hasLanes = isRemote(path);
  const { identity, head } = await openHead(kv, { nowMs: now(), hasLanes });
  const window = await recallWindow(kv, { max: dedupeMax, nowMs: now() });
  return {
    identity,
    head,
    window,
    dedupe: new Dedupe(window),
    quarantineIndex: await recallQuarantineIndex(kv),
    digest: await createDigester(identity.digestSeed),
    tail: new Tail(head.journal),
  };
}

/** A store that only this process has: its Writer appends to the journal. */
function openOwn(
  { path, observeCommit, now, writer: overrides }: StoreOptions,
  { handles, parts, stack }: Opening,
): Opened {
  const { head, dedupe, quarantineIndex, tail } = parts;
  const turns = new Turns();
  // Handles on one file wait for each other; one handle does that by itself.
  const shared = (own: Kv) => isFile(path) ? turns.share(own) : own;
  const committer = stack.use(
    new Committer({
      kv: shared(handles.kv),
      head,
      dedupe,
      quarantineIndex,
      onCommit: ({ journal }, writes) => tail.advance(journal, writes),
    }),
  );
  const writer = stack.use(
    new Writer({ committer, dedupe, observeCommit, now, ...overrides }),
  );
  const side = shared(handles.side);
  const [journalWriter, fenced] = [writer, side];
  const [lease, lane] = [undefined, undefined];
  return { writer, journalWriter, side, fenced, lease, lane };
}

/** A store that several processes share: callbacks go to a lane, and from there into the journal. */
function openShared(
  { dedupeMax, observeCommit, name, leaseTermMs, now }: StoreOptions,
  { handles, parts, stack }: Opening,
): Opened {
  const { head, window, dedupe, quarantineIndex, tail } = parts;
  const { kv, reader } = handles;
  const turns = new Turns({ patienceMs: TURN_MS });
  const side = withDeadline(handles.side);
  const leasing = { kv: turns.share(side), name, termMs: leaseTermMs };
  const lease = stack.use(new Lease(leasing));
  const fenced = turns.share(lease.fence(side));
  const committer = stack.use(
    new Committer({
      kv: turns.share(lease.fence(kv)),
      head,
      dedupe,
      quarantineIndex,
      onCommit: ({ journal }, writes) => tail.advance(journal, writes),
    }),
  );
  const journalWriter = stack.use(new Writer({ committer, dedupe, now }));
  const lane = stack.use(
    new Lane({
      kv,
      journal: window,
      head: () => committer.head,
      dedupeMax,
      isSequencing: () => lease.isHeld,
      onLanded: () => {
        if (lease.isHeld) sequencer.tick();
      },
      observeCommit,
      now,
    }),
  );
  const sequencer = stack.use(
    new Sequencer({ kv, fenced, lease, committer, quarantineIndex, lane }),
  );
  const isSequencing = () => lease.isHeld;
  const upkeep = stack.use(
    new LaneUpkeep({ kv: side, lane, name, isSequencing }),
  );
  stack.use(watchKey(reader, HEAD_KEY, (value) => {
    tail.advance(decodeHead(value).journal);
  }));
  stack.use(watchKey(reader, LANE_TICK_KEY, () => {
    if (lease.isHeld) sequencer.tick();
  }));
  const watch = new LaneWatch({ lane, lease, upkeep, sequencer, now });
  return { writer: lane, journalWriter, side, fenced, lease, lane: watch };
}

/** Longest time that a silent commit keeps those behind it waiting, ms. */
const TURN_MS = 1_000;

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

async function openHandles(
  path: string,
  stack: AsyncDisposableStack,
): Promise<Handles> {
  const kv = stack.use(await openHandle(path));
  if (path === ":memory:") return { kv, reader: kv, side: kv };
  const reader = stack.use(await openHandle(path));
  const side = stack.use(await openHandle(path));
  return { kv, reader: isRemote(path) ? withDeadline(reader) : reader, side };
}

async function openHandle(path: string): Promise<Kv> {
  return await named(
    path,
    () => isRemote(path) ? answered(openKv(path)) : openKv(path),
  );
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
