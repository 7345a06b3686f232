import type { ReadableKv } from "../kv/kv.ts";
import type { Consumer } from "./consumers.ts";
import { readExtent } from "./page.ts";
import { receivedAtOfEach } from "./seek.ts";

/** The distance of a reader to the journal's end. */
export interface Lag {
  /** Events it has not acknowledged. */
  readonly lagEvents: number;
  /** Age of the first of them; 0 when there is none. */
  readonly lagSec: number;
}

type HasCursor = Pick<Consumer, "cursor">;

/** A reader with its lag. */
export async function lagOf<T extends HasCursor>(
  kv: ReadableKv,
  one: T,
  nowMs: number,
): Promise<T & Lag> {
  const [lagging] = await lagsOf(kv, [one], nowMs);
  return lagging ?? { ...one, lagEvents: 0, lagSec: 0 };
}

/** As lagOf(), for many: what stands at the end costs no read, and the others one for each pack. */
export async function lagsOf<T extends HasCursor>(
  kv: ReadableKv,
  all: readonly T[],
  nowMs: number,
): Promise<(T & Lag)[]> {
  const { first, last } = await readExtent(kv);
  const nextOf = ({ cursor }: T) => Math.max(cursor + 1, first);
  const waiting = all.map(nextOf).filter((next) => next <= last);
  const sinceMs = await receivedAtOfEach(kv, waiting);
  return all.map((one) => ({
    ...one,
    lagEvents: Math.max(0, last - one.cursor),
    lagSec: Math.max(0, nowMs - (sinceMs.get(nextOf(one)) ?? nowMs)) / 1000,
  }));
}
