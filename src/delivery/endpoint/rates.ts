/** The requests to one endpoint that ended in one minute. */
export interface RateMinute {
  /** Start of the minute, Unix ms. */
  readonly atMs: number;
  readonly delivered: number;
  readonly failed: number;
  /** The time that they took in all, ms. */
  readonly durationMs: number;
}

/** One request, as far as it is counted. */
export interface CountedRequest {
  readonly endpointId: string;
  readonly isDelivered: boolean;
  readonly durationMs: number;
}

const MINUTE_MS = 60_000;
/** Minutes that are remembered: one day. */
const MINUTES = 1_440;

/** Requests to each endpoint in the last day, by the minute; counted since the start. */
export class DeliveryRates {
  #byEndpoint = new Map<string, Map<number, RateMinute>>();

  /** Counts a request that has ended, and forgets minutes that are a day old. */
  add(
    { endpointId, isDelivered, durationMs }: CountedRequest,
    nowMs: number,
  ): void {
    const minutes = this.#byEndpoint.get(endpointId) ?? new Map();
    this.#byEndpoint.set(endpointId, minutes);
    const minute = Math.floor(nowMs / MINUTE_MS);
    const known = minutes.get(minute) ??
      { atMs: minute * MINUTE_MS, delivered: 0, failed: 0, durationMs: 0 };
    minutes.set(minute, {
      ...known,
      delivered: known.delivered + (isDelivered ? 1 : 0),
      failed: known.failed + (isDelivered ? 0 : 1),
      durationMs: known.durationMs + durationMs,
    });
    for (const old of minutes.keys()) {
      if (minutes.size <= MINUTES && old > minute - MINUTES) break;
      minutes.delete(old);
    }
  }

  /** The minutes of the last day in which a request ended, oldest first. */
  list(endpointId: string, nowMs: number): readonly RateMinute[] {
    const sinceMs = nowMs - MINUTES * MINUTE_MS;
    const minutes = this.#byEndpoint.get(endpointId)?.values() ?? [];
    return [...minutes].filter(({ atMs }) => atMs > sinceMs);
  }

  /** Forgets an endpoint that was removed. */
  forget(endpointId: string): void {
    this.#byEndpoint.delete(endpointId);
  }
}
