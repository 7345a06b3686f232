import { assert, assertEquals } from "@std/assert";
import { openHead } from "../../../src/store/journal/head.ts";
import { decodePack, type Item } from "../../../src/store/journal/pack.ts";
import { JOURNAL_PREFIX } from "../../../src/store/kv/keys.ts";
import { recallQuarantineIndex } from "../../../src/store/quarantine/quarantine_index.ts";
import {
  Committer,
  type CommitterOptions,
} from "../../../src/store/writer/committer.ts";
import { Dedupe } from "../../../src/store/writer/dedupe.ts";
import type { Arrival } from "../../../src/store/writer/queued_item.ts";
import {
  type AppendOutcome,
  recallWindow,
} from "../../../src/store/writer/window.ts";
import {
  Writer,
  type WriterOptions,
} from "../../../src/store/writer/writer.ts";

/** The clock of every test that does not say otherwise. */
export const NOW_MS = Date.UTC(2026, 0, 1);

/** A busy machine may leave a store without an answer for a while: only tests of that wait for less. */
const PATIENCE_MS = 60_000;

/** A journal item whose digest and body are its name: the same name again is a copy. */
export function event(name: string, options: Partial<Item> = {}): Arrival {
  return { sequence: "journal", item: itemOf(name, options) };
}

/** A quarantine item whose body is its name. */
export function oddity(name: string, options: Partial<Item> = {}): Arrival {
  const meta = `{"code":42200,"reason":"${name}","query":""}`;
  const item = itemOf(name, { meta, isRecognisable: false, ...options });
  return { sequence: "quarantine", item };
}

/** An item whose digest and body are its name. */
export function itemOf(name: string, options: Partial<Item> = {}): Item {
  const body = new TextEncoder().encode(name);
  return {
    app: 1,
    receivedAtMs: NOW_MS,
    digest: digestOf(body),
    isRecognisable: true,
    meta: `{"command":"${name}"}`,
    body,
    ...options,
  };
}

/** The name itself behind a hash of it, so that digests spread as real ones do (FNV-1a). */
function digestOf(name: Uint8Array): Uint8Array {
  let hash = 0x811c9dc5;
  for (const byte of name) hash = Math.imul(hash ^ byte, 0x01000193);
  const digest = new Uint8Array(16);
  new DataView(digest.buffer).setInt32(0, hash);
  digest.set(name.subarray(0, 12), 4);
  return digest;
}

/** `count` names that differ: `<prefix>0`, `<prefix>1`, … */
export function names(prefix: string, count: number): string[] {
  return Array.from({ length: count }, (_, index) => `${prefix}${index}`);
}

/** Overrides of a Writer's parts. */
export type OpenWriterOptions =
  & Partial<WriterOptions & CommitterOptions>
  & { readonly dedupeMax?: number };

/** A Writer on this store, made as openStore() makes it. */
export async function openWriter(
  kv: Deno.Kv,
  options: OpenWriterOptions = {},
): Promise<Writer> {
  const now = options.now ?? (() => NOW_MS);
  const { head } = await openHead(kv, { nowMs: now() });
  const max = options.dedupeMax ?? 1_000;
  const dedupe = new Dedupe(await recallWindow(kv, { max, nowMs: now() }));
  const quarantineIndex = await recallQuarantineIndex(kv);
  const silenceMs = PATIENCE_MS;
  const parts = { kv, head, dedupe, quarantineIndex, silenceMs, ...options };
  const committer = new Committer(parts);
  const writer = new Writer({ committer, now, ...parts });
  const close = writer[Symbol.asyncDispose].bind(writer);
  writer[Symbol.asyncDispose] = async () => {
    await close();
    committer[Symbol.dispose]();
  };
  return writer;
}

/** A journal of three packs: 1 to 4, 5 to 7, and 8 to 10. */
export async function openJournal(): Promise<Deno.Kv> {
  const kv = await Deno.openKv(":memory:");
  await using writer = await openWriter(kv);
  for (const [first, count] of [[1, 4], [5, 3], [8, 3]] as const) {
    const all = names(`e${first}-`, count).map((name) => event(name));
    await appendAll(writer, all);
  }
  return kv;
}

/** Appends them all at once and waits for every outcome. */
export function appendAll(
  writer: Pick<Writer, "append">,
  arrivals: readonly Arrival[],
): Promise<AppendOutcome[]> {
  return Promise.all(arrivals.map((arrival) => writer.append(arrival)));
}

/** A record of the journal, as far as these tests look at it. */
export interface Kept {
  readonly name: string;
  readonly receivedAtMs: number;
}

/** Items of the journal, read from its packs alone; fails unless the numbers are dense. */
export async function journalItems(kv: Deno.Kv): Promise<Kept[]> {
  const kept: Kept[] = [];
  const entries = kv.list<Uint8Array>({ prefix: JOURNAL_PREFIX });
  for await (const { key, value } of entries) {
    if (key.length > 2) continue;
    for (const item of decodePack(Number(key[1]), value).items) {
      const body = item.payload?.subarray(item.metaLength);
      const name = new TextDecoder().decode(body);
      kept.push({ name, receivedAtMs: item.receivedAtMs });
      assertEquals(item.number, kept.length, "The numbers are not dense");
    }
  }
  return kept;
}

/** The names in the journal, in order. */
export async function journalNames(kv: Deno.Kv): Promise<string[]> {
  return (await journalItems(kv)).map(({ name }) => name);
}

/** Compares large bodies without printing them. */
export function assertSameBytes(
  actual: Uint8Array | undefined,
  expected: Uint8Array,
): void {
  assert(actual !== undefined);
  assertEquals(actual.length, expected.length);
  const isSame = (byte: number, index: number) => byte === expected[index];
  assert(actual.every(isSame), "The bytes differ");
}

/** The keys below a prefix. */
export async function keysBelow(
  kv: Deno.Kv,
  prefix: Deno.KvKey,
): Promise<Deno.KvKey[]> {
  const entries = await Array.fromAsync(kv.list({ prefix }));
  return entries.map(({ key }) => [...key]);
}

/** An outcome in one word or number: the number, `copy of n`, `full`, `closed`. */
export function told(outcome: AppendOutcome): string | number {
  if (!outcome.ok) return outcome.reason;
  return outcome.isCopy ? `copy of ${outcome.number}` : outcome.number;
}
