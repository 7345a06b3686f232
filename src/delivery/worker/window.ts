import type { EventRecord } from "../../base/event.ts";
import type { Endpoint, Replay, Track } from "../endpoint/endpoint.ts";
import { trackIdOf } from "../endpoint/track.ts";
import type { DeliveryOutcome } from "../outbound/outcome.ts";

/** Events of a window for each request at once, so that a slow one does not hold up the others. */
const WINDOW_FACTOR = 4;

/** Outcomes by number of the event. */
type Outcomes = Map<number, DeliveryOutcome>;

/** Most events that are sent as one window. */
export function windowOf({ concurrency = 1 }: Endpoint): number {
  return concurrency === 1 ? 1 : concurrency * WINDOW_FACTOR;
}

/**
 * Events that were delivered though one before them was not: they are not sent again when that one
 * has arrived. A crash, or another setting of the endpoint, forgets them: then they are repeated.
 */
export class DeliveredAhead {
  #outcomes: Outcomes = new Map();
  #key = "";

  /** The outcomes that still count for an endpoint and a track. */
  of(endpoint: Endpoint, track: Track | Replay): Outcomes {
    const key = keyOf(endpoint, track);
    return key === this.#key ? this.#outcomes : new Map();
  }

  /** Keeps the outcomes that are not stored yet. */
  keep(outcomes: Outcomes, endpoint: Endpoint, track: Track | Replay): void {
    this.#outcomes = outcomes;
    this.#key = keyOf(endpoint, track);
  }
}

function keyOf(
  { epoch, revision }: Endpoint,
  track: Track | Replay,
): string {
  return JSON.stringify([epoch, revision, trackIdOf(track)]);
}

/**
 * Sends events of a window with several requests at once; those of one key one after the other, in
 * order. Nothing is begun after a failure, or once `send` gives undefined. Events with a known outcome
 * are passed over.
 */
export async function sendWindow(
  records: readonly EventRecord[],
  { concurrency, known, send }: {
    readonly concurrency: number;
    readonly known: ReadonlyMap<number, DeliveryOutcome>;
    readonly send: (
      record: EventRecord,
    ) => Promise<DeliveryOutcome | undefined>;
  },
): Promise<Outcomes> {
  const outcomes: Outcomes = new Map(known);
  const waiting = records.filter(({ seq }) => !known.has(seq))
    .map((record) => ({ record, key: orderKeyOf(record) }));
  const busy = new Set<string>();
  let isStopped = false;
  const sendOn = async () => {
    while (!isStopped) {
      const at = waiting.findIndex(({ key }) => !busy.has(key));
      const [next] = at < 0 ? [] : waiting.splice(at, 1);
      if (next === undefined) return;
      busy.add(next.key);
      const outcome = await send(next.record);
      busy.delete(next.key);
      if (outcome !== undefined) outcomes.set(next.record.seq, outcome);
      if (outcome?.kind !== "delivered") isStopped = true;
    }
  };
  await Promise.all(Array.from({ length: concurrency }, sendOn));
  return outcomes;
}

/** The events among which order is kept: those of one group, or of one sender where there is none. */
function orderKeyOf({ app, meta: { group }, body }: EventRecord): string {
  const key = group === undefined ? ["user", senderOf(body)] : ["group", group];
  return JSON.stringify([app, ...key]);
}

/** The user who caused an event: From_Account, or the one of `State.StateChange`. */
function senderOf(bytes: Uint8Array): string | undefined {
  try {
    const { From_Account: from, Info: info } = JSON.parse(
      new TextDecoder().decode(bytes),
    );
    const sender: unknown = from ?? info?.To_Account;
    return typeof sender === "string" ? sender : undefined;
  } catch {
    // No JSON object: it is of nobody that is known.
    return undefined;
  }
}
