import { packKey, partKey, type Sequence } from "../kv/keys.ts";
import type { KvKey } from "../kv/kv.ts";
import { INLINE_MAX_BYTES, PACK_BYTES } from "../kv/limits.ts";
import { type Item, mostBytes, sizeOf } from "./pack.ts";
import { type PackBuffers, PackBuilder } from "./pack_builder.ts";

/** An item and the sequence it goes to. */
export interface Placed {
  readonly sequence: Sequence;
  readonly item: Item;
}

/** One value to set. */
export interface Write {
  readonly key: KvKey;
  readonly value: Uint8Array;
}

/**
 * Lays items out in values: journal items share packs, a quarantined item has its own so that it
 * can be removed alone, and an item too large for a pack is alone in one, with parts behind it.
 */
export class Packer {
  #batchId: Uint8Array;
  #buffers: PackBuffers | undefined;
  #writes: Write[] = [];
  #open: PackBuilder | undefined;
  #latestMs: number;
  /** The most that the items still to come can take: no buffer is made larger than they need. */
  #restBytes: number;

  constructor(
    placed: readonly Placed[],
    { batchId, buffers, latestMs }: {
      readonly batchId: Uint8Array;
      /** @default made anew */
      readonly buffers?: PackBuffers | undefined;
      /** The latest time in the journal before them. */
      readonly latestMs: number;
    },
  ) {
    buffers?.begin();
    this.#latestMs = latestMs;
    this.#batchId = batchId;
    this.#buffers = buffers;
    this.#restBytes = placed.reduce(
      (sum, { item }) => sum + mostBytes(item),
      0,
    );
  }

  /** The latest time in the packs of the journal that are complete, and before them. */
  get latestMs(): number {
    return this.#latestMs;
  }

  /** Lays out one item and returns the number of its parts. */
  put(number: number, { sequence, item }: Placed): number {
    const roomBytes = Math.min(
      this.#restBytes,
      Math.max(PACK_BYTES, mostBytes(item)),
    );
    this.#restBytes -= mostBytes(item);
    const isSmall = sizeOf(item) <= INLINE_MAX_BYTES;
    const isEvent = sequence === "journal";
    if (isEvent && isSmall && this.#open?.add(item)) return 0;
    if (isEvent) this.#closeOpen();
    const builder = new PackBuilder(number, this.#batchId, {
      roomBytes,
      buffers: this.#buffers,
      latestMs: isEvent ? this.#latestMs : undefined,
    });
    const parts = isSmall && builder.add(item) ? [] : builder.addSpilled(item);
    if (isEvent && parts.length === 0) this.#open = builder;
    else this.#write(sequence, builder);
    for (const [part, value] of parts.entries()) {
      this.#writes.push({ key: partKey(sequence, number, part), value });
    }
    return parts.length;
  }

  finish(): readonly Write[] {
    this.#closeOpen();
    return this.#writes;
  }

  #closeOpen(): void {
    if (this.#open !== undefined) this.#write("journal", this.#open);
    this.#open = undefined;
  }

  #write(sequence: Sequence, builder: PackBuilder): void {
    const key = packKey(sequence, builder.first);
    this.#writes.push({ key, value: builder.finish() });
    if (sequence === "journal") this.#latestMs = builder.latestMs;
  }
}
