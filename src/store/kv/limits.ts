/** Limits of Deno KV 2.9, and the sizes we keep to because of them. */

/** A value's serialized size, bytes. */
export const VALUE_MAX_BYTES = 65_536;

/** All values and keys of one commit, bytes. */
export const COMMIT_MAX_BYTES = 819_200;

/** Keys that one `getMany` takes. */
export const GET_MANY_MAX_KEYS = 10;

/** The largest callback body that is kept, bytes: with its envelope it must fit one commit. */
export const BODY_MAX_BYTES = 786_432;

/** An item whose meta and body exceed this is kept in parts, bytes. */
export const INLINE_MAX_BYTES = 61_440;

/**
 * Most bytes of items that share a pack. To find any key SQLite reads the whole of the values it
 * compares it with, so that packs of 64 KB cost every commit and every look-up more: intake is some
 * 10 % slower. Four overflow pages of 4,092 bytes and what lies in the row itself.
 */
export const PACK_BYTES = 17_200;

/** Most bytes in a commit of several items: four packs cost 2 ms, twelve 6 ms. */
export const BATCH_MAX_BYTES = 245_760;

/** Most items in a commit, so that settling one commit stays short. */
export const BATCH_MAX_ITEMS = 1_024;

/** Most keys that a commit sets and deletes: the store takes 1,000. */
export const BATCH_MAX_KEYS = 900;

/** Parts of the largest item. */
export const ITEM_MAX_PARTS = 13;

/** The largest item, bytes: the rest of the commit is for keys, the head and its effects. */
export const ITEM_MAX_BYTES = 815_104;

/** Most items that wait for a commit; more are refused. */
export const QUEUE_MAX_ITEMS = 20_000;

/** Most bytes that wait for a commit; more are refused. */
export const QUEUE_MAX_BYTES = 67_108_864;

/** Window in which a copy of a callback is recognised, ms. */
export const DEDUPE_WINDOW_MS = 15 * 60 * 1000;

/** Quarantined items kept per app; the oldest of the reason that has most leave first. */
export const QUARANTINE_MAX_PER_APP = 10_000;

/** Largest page of the journal, bytes. */
export const PAGE_MAX_BYTES = 4_194_304;

/** Packs that one page may look through for matching records. */
export const PAGE_MAX_PACKS = 2_000;

/** Below this a person is warned that the disk fills, bytes. */
export const DISK_MIN_FREE_BYTES = 536_870_912;

/** Keys that a consumer or a purge writes or deletes at once: more would keep intake waiting. */
export const SIDE_MAX_MUTATIONS = 50;

/** Largest commit of a consumer, bytes: leaves room for one large group more. */
export const SIDE_MAX_BYTES = 262_144;

/** Consumers that there may be: each is a label of two metrics. */
export const CONSUMERS_MAX = 1_000;
