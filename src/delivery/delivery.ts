import type { EventRecord } from "../base/event.ts";
import type { Endpoint } from "./endpoint/endpoint.ts";

/** One event on its way to one endpoint. */
export interface Delivery {
  readonly endpoint: Endpoint;
  readonly record: EventRecord;
  /** Whether it is sent again on demand. */
  readonly isReplay: boolean;
  /** Cuts the request off. */
  readonly signal: AbortSignal;
}

/** What became of a delivery. */
export type Outcome =
  | {
    readonly kind: "delivered";
    readonly status: number;
    readonly durationMs: number;
    /** The first bytes of the answer. */
    readonly answer?: string | undefined;
  }
  | FailedOutcome;

/** It did not arrive, as far as is known. */
export interface FailedOutcome {
  readonly kind: "failed";
  /** In a word or two: `timeout`, `status 500`. */
  readonly cause: string;
  /** For a person. */
  readonly error: string;
  readonly durationMs: number;
  readonly status?: number | undefined;
  /** The first bytes of the answer. */
  readonly answer?: string | undefined;
  readonly retryAfterMs?: number | undefined;
}

/** Sends one event and says what became of it; never throws. */
export type Deliver = (delivery: Delivery) => Promise<Outcome>;

/** How long to wait after so many failures of one event; undefined after the last retry. */
export type RetryDelay = (
  endpoint: Endpoint,
  failure: {
    readonly failures: number;
    readonly retryAfterMs?: number | undefined;
  },
) => number | undefined;

/** What is counted: every request by what became of it, and every event given up. */
export type DeliveryObserver = (
  seen: {
    readonly endpointId: string;
    readonly outcome: "delivered" | "failed" | "dead_letter";
  },
) => void;
