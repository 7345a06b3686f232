import { dirname } from "@std/path";
import { createDigester, type Digester } from "./digest.ts";
import { type Identity, openHead, type StampedHead } from "./head.ts";
import { lockStore } from "./lock.ts";
import { recallShelf, recallWindow } from "./recall.ts";
import { Writer, type WriterOptions } from "./writer.ts";

/** An open store: one writer, and handles for reading beside it. */
export interface Store extends AsyncDisposable {
  readonly identity: Identity;
  readonly writer: Writer;
  readonly digest: Digester;
  /** For readers: a scan on the writer's handle would slow it ten times. */
  readonly reader: Deno.Kv;
}

/** Where the store is, and its bounds. */
export interface StoreOptions {
  /** A file's path, `:memory:`, or the https:// URL of a KV Connect server. */
  readonly path: string;
  /** Records the duplicate window holds at the most. */
  readonly dedupeMax: number;
  readonly onCommit?: (head: StampedHead) => void;
  /** Overrides for tests. */
  readonly writer?: Partial<WriterOptions>;
  readonly now?: () => number;
}

/**
 * Opens a store, creating it where there is none, and takes its lock.
 *
 * @throws {StoreLockedError} when another process owns it
 */
export async function openStore(options: StoreOptions): Promise<Store> {
  const { path, dedupeMax, onCommit } = options;
  const now = options.now ?? Date.now;
  await using stack = new AsyncDisposableStack();
  if (isFile(path)) {
    await Deno.mkdir(dirname(path), { recursive: true, mode: 0o700 });
    stack.use(await lockStore(path));
  }
  const kv = stack.use(await openKv(path));
  const reader = path === ":memory:" ? kv : stack.use(await openKv(path));
  const { identity, head } = await openHead(kv, now());
  const window = await recallWindow(kv, { max: dedupeMax, nowMs: now() });
  const shelf = await recallShelf(kv);
  const digest = await createDigester(identity.digestSeed);
  const writer = stack.use(
    new Writer({ kv, head, window, shelf, now, onCommit, ...options.writer }),
  );
  const owned = stack.move();
  return {
    identity,
    writer,
    digest,
    reader,
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  };
}

function isFile(path: string): boolean {
  return path !== ":memory:" && !/^https?:\/\//.test(path);
}

async function openKv(path: string): Promise<Deno.Kv> {
  try {
    return await Deno.openKv(path);
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new Error(`Cannot open store "${path}": ${reason}`, { cause });
  }
}
