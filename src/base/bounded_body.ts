import {
  type BodyLimits,
  type BodyResult,
  bufferOf,
  isGrowing,
  NOTHING,
  Reading,
} from "./body_reading.ts";
import type { Budget } from "./budget.ts";

/** Settings of a BodyRoom. */
export interface BodyRoomOptions {
  /** Bytes that bodies under way may take together. */
  readonly maxBytes: number;
  /** A room that this one is a part of: it counts the network's buffers, and a part does not. */
  readonly parent?: BodyRoom;
  readonly now?: () => number;
}

/** Bodies under way for less long are not given up for newcomers, ms. */
export const MIN_AGE_MS = 250;

/** A buffer for a body that does not say its length begins with so many bytes. */
const FIRST_BYTES = 16_384;

/** Up to here a body of declared length is read in one piece: with a reader it costs twice as much. */
const SMALL_BYTES = 16_384;

/** Most bytes of all small bodies: one that stops half-way keeps its memory until its sender leaves. */
const SMALL_TOTAL_BYTES = 4_194_304;

/** The server below keeps about as much of a body in buffers of its own, up to this. */
const NETWORK_BYTES = 786_432;

const TOO_LARGE: BodyResult = { ok: false, reason: "too large" };
const LATE: BodyResult = { ok: false, reason: "late" };
const LEFT: BodyResult = { ok: false, reason: "left" };
const DIGITS_REGEXP = /^\d+$/;

/**
 * Memory for request bodies under way, bounded in all: the oldest incomplete ones give way to
 * newcomers, so that the bound is no means to keep others out.
 *
 * A body's declared length is reserved first, in a buffer whose memory goes back to the system when
 * it is resized to nothing; chunks are copied into it and detached at once. The C library would keep
 * what pieces took: 400 bodies of 780 kB that stop half-way left 85 MB behind.
 */
export class BodyRoom {
  #maxBytes: number;
  /** This room, and the one it is a part of. */
  #rooms: readonly BodyRoom[];
  #networkBytes: number;
  #now: () => number;
  #heldBytes = 0;
  #smallBytes = 0;
  /** The oldest first. */
  #readings = new Set<Reading>();

  constructor({ maxBytes, parent, now }: BodyRoomOptions) {
    this.#maxBytes = maxBytes;
    this.#rooms = parent === undefined ? [this] : [this, parent];
    this.#networkBytes = parent === undefined ? NETWORK_BYTES : 0;
    this.#now = now ?? (() => performance.now());
  }

  /** Bytes reserved for bodies under way. */
  get heldBytes(): number {
    return this.#heldBytes;
  }

  /** True when a body is being read. */
  get isReading(): boolean {
    return this.#readings.size > 0 || this.#smallBytes > 0;
  }

  /** Reads a body; of what is refused the rest is cancelled and the memory freed. Total. */
  read(request: Request, limits: BodyLimits): Promise<BodyResult> {
    return new Promise((resolve) => this.take(request, limits, resolve));
  }

  /** Like read(), but tells the result: a promise each costs a request a third of a microsecond. */
  take(
    request: Request,
    limits: BodyLimits,
    /** Must not throw. */
    tell: (result: BodyResult) => void,
  ): void {
    const length = lengthOf(request);
    if (length !== undefined && length > limits.maxBytes) {
      discardBody(request).then(() => tell(TOO_LARGE));
      return;
    }
    const { time, isTrusted } = limits;
    const isSmall = isTrusted && length !== undefined &&
      length <= SMALL_BYTES && this.#smallBytes + length <= SMALL_TOTAL_BYTES;
    if (isSmall && !isGrowing(time)) {
      this.#takeSmall(request, { length, budget: time, tell });
    } else this.#readBounded(request, { length, ...limits }).then(tell);
  }

  /** Keeps memory for a body, as far as older ones give way. */
  #reserve(reading: Reading, bytes: number): boolean {
    if (!this.#rooms.every((room) => room.#makeRoom(reading, bytes))) {
      return false;
    }
    const before = reading.heldBytes;
    reading.heldBytes += bytes;
    for (const room of this.#rooms) {
      room.#heldBytes += room.#costOf(before + bytes) - room.#costOf(before);
      room.#readings.add(reading);
    }
    return true;
  }

  /** Gives up the oldest bodies until this one fits. */
  #makeRoom(reading: Reading, bytes: number): boolean {
    const { heldBytes } = reading;
    const cost = this.#costOf(heldBytes + bytes) - this.#costOf(heldBytes);
    while (this.#heldBytes + cost > this.#maxBytes) {
      const oldest = this.#oldestBeside(reading);
      if (oldest === undefined) return false;
      oldest.stop("given up");
    }
    return true;
  }

  #oldestBeside(reading: Reading): Reading | undefined {
    const untilMs = this.#now() - MIN_AGE_MS;
    for (const other of this.#readings) {
      if (other === reading) continue;
      return other.startMs <= untilMs ? other : undefined;
    }
    return undefined;
  }

  /** Forgets a body that is no longer under way. */
  #leave(reading: Reading): void {
    for (const room of this.#rooms) {
      if (!room.#readings.delete(reading)) continue;
      room.#heldBytes -= room.#costOf(reading.heldBytes);
    }
  }

  /** Memory that a body takes of which so many bytes are reserved. */
  #costOf(bytes: number): number {
    return bytes + Math.min(bytes, this.#networkBytes);
  }

  #takeSmall(
    request: Request,
    { length, budget, tell }: {
      readonly length: number;
      readonly budget: Budget;
      readonly tell: (result: BodyResult) => void;
    },
  ): void {
    this.#smallBytes += length;
    const tellInTime = budget.once(tell, LATE);
    const end = (result: BodyResult) => {
      this.#smallBytes -= length;
      tellInTime(result);
    };
    request.bytes().then(
      (bytes) => end({ ok: true, bytes }),
      () => end(LEFT),
    );
  }

  async #readBounded(
    request: Request,
    { length, ...limits }: BodyLimits & { readonly length: number | undefined },
  ): Promise<BodyResult> {
    if (request.body === null) return { ok: true, bytes: NOTHING };
    const reading = new Reading({
      reader: request.body.getReader(),
      startMs: this.#now(),
      onStop: (it) => this.#leave(it),
    });
    const reserve = (bytes: number) => this.#reserve(reading, bytes);
    const first = length ?? Math.min(FIRST_BYTES, limits.maxBytes);
    if (reserve(first)) {
      reading.buffer = bufferOf(first);
      await reading.fill(limits, reserve);
    } else reading.stop("no room");
    return reading.end();
  }
}

/** Gives up the rest of a body, so that its connection stays usable. */
export async function discardBody(request: Request): Promise<void> {
  await request.body?.cancel().catch(() => {/* broken, or being read */});
}

/** The length that a request declares; one declared twice counts as not declared. */
export function lengthOf(request: Request): number | undefined {
  const text = request.headers.get("content-length");
  return text !== null && DIGITS_REGEXP.test(text) ? Number(text) : undefined;
}
