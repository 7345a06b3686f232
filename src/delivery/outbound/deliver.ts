import { cloudEventJson, type EventRecord } from "../../base/event.ts";
import { liveSecrets } from "../endpoint/changes.ts";
import type { Endpoint } from "../endpoint/endpoint.ts";
import type {
  ExchangeOutcome as Posted,
  Outbound,
  Posting,
} from "./outbound.ts";
import { createSchedule, parseRetryAfter } from "./schedule.ts";
import { headersOf, webhookId } from "./signature.ts";

/** The means of sending deliveries. */
export interface DeliverOptions {
  readonly post: Outbound["post"];
  readonly journalId: string;
  readonly now?: () => number;
}

/** Most bytes of an answer that are read: a connection with an unread answer cannot be used again. */
const READ_MAX_BYTES = 16_384;
/** Most characters of an answer that are kept. */
const ANSWER_MAX_LENGTH = 512;

const GONE = 410;

/** Sends events as signed CloudEvents (HTTP binding, structured mode). */
export function createDeliver(
  { post, journalId, now = Date.now }: DeliverOptions,
): Deliver {
  return async ({ endpoint, record, isReplay, signal }) => {
    const posting = postingOf(endpoint, {
      id: webhookId({ journalId, seq: record.seq }),
      body: cloudEventJson(record, journalId),
      isReplay,
      nowMs: now(),
    });
    return outcomeOf(await post({ ...posting, signal }), now());
  };
}

/** A signed request to an endpoint. */
export function postingOf(
  endpoint: Endpoint,
  { id, body, isReplay = false, nowMs }: {
    readonly id: string;
    readonly body: string;
    readonly isReplay?: boolean;
    readonly nowMs: number;
  },
): Posting {
  const { url, timeoutMs, headers } = endpoint;
  const secrets = liveSecrets(endpoint, nowMs).map(({ secret }) => secret);
  const timestampSec = Math.floor(nowMs / 1000);
  return {
    url,
    body,
    timeoutMs,
    headers: {
      ...headers,
      ...headersOf({ secrets, id, timestampSec, body }),
      "content-type": "application/cloudevents+json",
      ...isReplay && { "imhook-replay": "true" },
    },
    maxResponseBytes: READ_MAX_BYTES,
  };
}

/** Judges the result of a request: only 2xx is success. */
export function outcomeOf(posted: Posted, nowMs: number): DeliveryOutcome {
  const { durationMs } = posted;
  if (posted.kind === "failed") {
    const { reason: cause, message: error } = posted;
    return { kind: "failed", cause, error, durationMs };
  }
  const { status, headers } = posted;
  const answer = posted.bodyStart.slice(0, ANSWER_MAX_LENGTH);
  if (status >= 200 && status < 300) {
    return { kind: "delivered", status, durationMs, answer };
  }
  return {
    kind: "failed",
    cause: `status ${status}`,
    error: status === GONE
      ? "It answered 410: nobody wants anything there any more"
      : `It answered ${status}; expected 200 to 299`,
    status,
    answer,
    durationMs,
    retryAfterMs: parseRetryAfter(headers["retry-after"], nowMs),
  };
}

/**
 * The usual schedule, or the endpoint's own. A receiver may ask for a longer wait, never for a shorter
 * one: it would use up the retries of three days in a moment.
 */
export function createRetryDelay(
  { random }: { readonly random?: () => number } = {},
): RetryDelay {
  const usual = createSchedule({ ...random && { random } });
  return ({ retrySec }, { failures, retryAfterMs = 0 }) => {
    const waitsMs = [0, ...(retrySec ?? []).map((sec) => sec * 1000)];
    const schedule = retrySec === undefined ? usual : createSchedule({
      waitsMs,
      maxWaitMs: Infinity,
      ...random && { random },
    });
    const waitMs = schedule(failures + 1);
    return waitMs === undefined ? undefined : Math.max(waitMs, retryAfterMs);
  };
}

/** One event on its way to one endpoint. */
export interface Delivery {
  readonly endpoint: Endpoint;
  readonly record: EventRecord;
  /** Whether it is sent again on demand. */
  readonly isReplay: boolean;
  /** Cuts the request off. */
  readonly signal: AbortSignal;
}

/** The result of a delivery. */
export type DeliveryOutcome =
  | {
    readonly kind: "delivered";
    readonly status: number;
    readonly durationMs: number;
    /** The first bytes of the answer. */
    readonly answer?: string | undefined;
  }
  | FailedOutcome;

/** A delivery that was not taken, as far as is known. */
export interface FailedOutcome {
  readonly kind: "failed";
  /** The cause in a word or two: `timeout`, `status 500`. */
  readonly cause: string;
  /** The cause as a sentence. */
  readonly error: string;
  readonly durationMs: number;
  readonly status?: number | undefined;
  /** The first bytes of the answer. */
  readonly answer?: string | undefined;
  readonly retryAfterMs?: number | undefined;
}

/** Sends one event and gives the result; never throws. */
export type Deliver = (delivery: Delivery) => Promise<DeliveryOutcome>;

/** Gives the wait after a number of failures of one event, ms; undefined after the last retry. */
export type RetryDelay = (
  endpoint: Endpoint,
  failure: {
    readonly failures: number;
    readonly retryAfterMs?: number | undefined;
  },
) => number | undefined;

/** Counts every request by its result, and every event that is set aside. */
export type DeliveryObserver = (
  seen: {
    readonly endpointId: string;
    readonly outcome: "delivered" | "failed" | "dead_letter";
  },
) => void;
