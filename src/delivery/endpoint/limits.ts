// Bounds of endpoints and of what is remembered of their deliveries.
/** Most attempts kept per endpoint; the oldest leave first. */
export const ATTEMPTS_MAX_PER_ENDPOINT = 1_000;

/** Longest time that an attempt is kept, ms. */
export const ATTEMPTS_MAX_AGE_MS = 7 * 24 * 60 * 60 * 1000;

/** Most endpoints: each is a label of several metrics. */
export const ENDPOINTS_MAX = 500;

/** Most dead letters that are counted by cause, per endpoint: each scrape does so. */
export const DEAD_LETTERS_COUNTED_MAX = 10_000;

/** Most replays that may wait at one endpoint. */
export const REPLAYS_MAX_PER_ENDPOINT = 20;
