import { cloudEventJson, type EventRecord } from "../../base/event.ts";
import { liveSecrets } from "../endpoint/changes.ts";
import { OWN_PREFIX } from "../../protocol/commands.ts";
import type { Endpoint } from "../endpoint/endpoint.ts";
import type { Outbound, Posting } from "./outbound.ts";
import { type DeliveryOutcome, outcomeOf, READ_MAX_BYTES } from "./outcome.ts";
import {
  type AppToken,
  relayOutcomeOf,
  relayPosting,
  relayRequest,
} from "./relay.ts";
import { createSchedule } from "./schedule.ts";
import { signedHeadersOf, webhookId } from "./signature.ts";

/** The means of sending deliveries. */
export interface DeliverOptions {
  readonly post: Outbound["post"];
  readonly journalId: string;
  /** @default no app has a token */
  readonly appToken?: AppToken;
  /** The configured apps: test callbacks are of the first. */
  readonly appIds?: readonly number[];
  readonly now?: () => number;
}

/** Sends events as signed CloudEvents (HTTP binding, structured mode), or as Tencent sends them. */
export function createDeliver(options: DeliverOptions): Deliver {
  const { post, journalId, now = Date.now } = options;
  return async ({ endpoint, record, isReplay, signal }) => {
    if (endpoint.format === "tencent") {
      const { command, redacted } = record.meta;
      if (redacted || command.startsWith(OWN_PREFIX)) {
        return NOT_RELAYED;
      }
      const request = relayRequest(record, journalId);
      const posting = relayPosting(endpoint, { request, isReplay, options });
      return relayOutcomeOf(await post({ ...posting, signal }), now());
    }
    const posting = postingOf(endpoint, {
      id: webhookId({ journalId, seq: record.seq }),
      body: cloudEventJson(record, journalId),
      isReplay,
      nowMs: now(),
    });
    return outcomeOf(await post({ ...posting, signal }), now());
  };
}

const NOT_RELAYED: DeliveryOutcome = {
  kind: "failed",
  cause: "not relayed",
  error:
    "It has no form in Tencent's format: it is imhook's own, or has no body",
  durationMs: 0,
};

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
      ...signedHeadersOf({ secrets, id, timestampSec, body }),
      "content-type": "application/cloudevents+json",
      ...isReplay && { "imhook-replay": "true" },
    },
    maxResponseBytes: READ_MAX_BYTES,
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
  /** True when it is sent again on demand. */
  readonly isReplay: boolean;
  /** Cuts the request off. */
  readonly signal: AbortSignal;
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
    /** The time that the request took, ms; none for an event that is set aside. */
    readonly durationMs?: number | undefined;
    /** The Ack that a request in Tencent's format was answered with. */
    readonly ack?: "ok" | "error" | "none" | undefined;
  },
) => void;
