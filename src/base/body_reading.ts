import type { Budget, Waiting } from "./budget.ts";

/** A request's body, or why there is none. */
export type BodyResult =
  | { readonly ok: true; readonly bytes: Uint8Array<ArrayBuffer> }
  | { readonly ok: false; readonly reason: BodyFailure };

/** Why a body was not read: its sender left, others took its memory, or there was none for it. */
export type BodyFailure =
  | "too large"
  | "late"
  | "left"
  | "given up"
  | "no room";

/** Limits of reading one body: size and time. */
export interface BodyLimits {
  readonly maxBytes: number;
  /** Time it may take: a length that many share, or one that grows with the bytes that have come. */
  readonly time: Budget | GrowingTime;
  /** True when a small body is read in one piece: cheap, but one that stops keeps its memory. */
  readonly isTrusted?: boolean;
}

/** A time that a body may take, and a second more for each `bytesPerSec` that have come. */
export interface GrowingTime {
  readonly graceMs: number;
  readonly bytesPerSec: number;
}

type BodyReader = ReadableStreamDefaultReader<Uint8Array<ArrayBuffer>>;

/** No bytes; it is never detached. */
export const NOTHING = new Uint8Array();

/** One body on its way through a reader. */
export class Reading {
  readonly startMs: number;
  buffer: Uint8Array<ArrayBuffer> = NOTHING;
  heldBytes = 0;
  #reader: BodyReader;
  #onStop: (reading: Reading) => void;
  #length = 0;
  #beganMs = performance.now();
  #failure: BodyFailure | undefined;
  #endTime = () => {};

  constructor({ reader, startMs, onStop }: {
    readonly reader: BodyReader;
    readonly startMs: number;
    readonly onStop: (reading: Reading) => void;
  }) {
    this.#reader = reader;
    this.startMs = startMs;
    this.#onStop = onStop;
  }

  /** Reads to the end, or until it is stopped. */
  async fill(
    { maxBytes, time }: BodyLimits,
    reserve: (bytes: number) => boolean,
  ): Promise<void> {
    this.#startTime(time);
    while (this.#failure === undefined) {
      // The sender may leave at any time. A reader that is cancelled says that it is done.
      const chunk = await this.#reader.read().catch(() => undefined);
      if (chunk === undefined) return this.stop("left");
      if (chunk.done || this.#failure !== undefined) return;
      const length = this.#length + chunk.value.length;
      if (length > maxBytes) return this.stop("too large");
      if (length > this.buffer.length) {
        this.#grow(length, { maxBytes, reserve });
      }
      this.#take(chunk.value);
      if (isGrowing(time)) this.#startTime(time);
    }
  }

  /** Gives the body up, and its memory back at once. */
  stop(reason: BodyFailure): void {
    if (this.#failure !== undefined) return;
    this.#failure = reason;
    this.#free();
    this.#close();
    this.#reader.cancel().catch(() => {/* its sender has left */});
  }

  /** Closes it; the bytes belong to whoever asked for them. */
  end(): BodyResult {
    if (this.#failure !== undefined) {
      return { ok: false, reason: this.#failure };
    }
    this.#close();
    // Copied: the store takes no buffers that can be resized.
    const bytes = this.buffer.slice(0, this.#length);
    this.#free();
    return { ok: true, bytes };
  }

  #free(): void {
    if (this.buffer.length > 0) this.buffer.buffer.resize(0);
    this.buffer = NOTHING;
  }

  #close(): void {
    this.#endTime();
    this.#onStop(this);
  }

  /** Begins the time, or begins it anew with what the bytes that have come add. */
  #startTime(time: BodyLimits["time"]): void {
    this.#endTime();
    const expire = () => this.stop("late");
    if (isGrowing(time)) {
      const { graceMs, bytesPerSec } = time;
      const spentMs = performance.now() - this.#beganMs;
      const allowedMs = graceMs + this.#length * 1000 / bytesPerSec;
      const timer = setTimeout(expire, allowedMs - spentMs);
      this.#endTime = () => clearTimeout(timer);
    } else {
      const waiting: Waiting = time.start(expire);
      this.#endTime = () => time.end(waiting);
    }
  }

  #grow(
    length: number,
    { maxBytes, reserve }: {
      readonly maxBytes: number;
      readonly reserve: (bytes: number) => boolean;
    },
  ): void {
    const old = this.buffer;
    const wanted = Math.min(Math.max(2 * old.length, length), maxBytes);
    if (!reserve(wanted - old.length)) return this.stop("no room");
    this.buffer = bufferOf(wanted);
    this.buffer.set(old);
    if (old.length > 0) old.buffer.resize(0);
  }

  #take(chunk: Uint8Array<ArrayBuffer>): void {
    if (this.#failure === undefined) this.buffer.set(chunk, this.#length);
    this.#length += chunk.length;
    chunk.buffer.transfer(0);
  }
}

/** A buffer whose memory goes back to the system when it is resized to nothing. */
export function bufferOf(bytes: number): Uint8Array<ArrayBuffer> {
  return new Uint8Array(new ArrayBuffer(bytes, { maxByteLength: bytes }));
}

/** True when a time grows with the bytes that come. */
export function isGrowing(time: BodyLimits["time"]): time is GrowingTime {
  return "bytesPerSec" in time;
}
