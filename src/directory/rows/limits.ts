// Bounds of a group's row and of pages of the directory.
/** Members that a group's row holds itself, those that left among them; more have keys of their own. */
export const ROW_MAX_MEMBERS = 32;

/** The size of the members in a group's row, bytes. */
export const ROW_MAX_MEMBER_BYTES = 16_384;

/** Custom fields and attributes that a group's row holds itself; more have keys of their own. */
export const ROW_MAX_FIELDS = 32;

/** The size of these in the row, bytes. */
export const ROW_MAX_FIELD_BYTES = 8_192;

/** Numbers of events that a group's row holds itself; older ones lie in keys of this many each. */
export const ROW_MAX_EVENTS = 64;

/**
 * Keys that one commit of the directory writes. Each commit waits for the disk once, and intake waits with it: at
 * 1,200 creates a second 50 keys kept acks waiting for 427 ms (p99) and the directory fell behind; with 320 it
 * was 61 ms, and the directory kept up.
 */
export const COMMIT_MAX_KEYS = 320;

/** Bytes of these keys, of the 81,920 that the store takes. */
export const COMMIT_MAX_KEY_BYTES = 64_000;

/** Rows that one page of groups looks at. */
export const PAGE_MAX_ROWS = 2_000;

/** Custom fields and attributes of one group that are shown, of those with keys of their own. */
export const FIELDS_MAX_SHOWN = 256;

/** The size of these, bytes. */
export const FIELDS_MAX_SHOWN_BYTES = 65_536;

/** Records that are remembered as not, or not wholly, folded; the oldest leave first. */
export const UNFOLDED_MAX = 1_000;
