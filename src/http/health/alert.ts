import type { Retry, StopKind } from "../../delivery/endpoint/endpoint.ts";
import type { Rejects } from "../callback/intake_stats.ts";

/** Something that a person should look at. */
export interface Alert {
  readonly kind: string;
  /** One or two plain sentences. */
  readonly text: string;
  /** What the sentences were made of, for those who say them in another language. */
  readonly params: Readonly<Record<string, string | number>>;
}

/** An endpoint that waits for a person. */
export interface StoppedEndpoint {
  /** What people know it by; no part of its URL but the host. */
  readonly name: string;
  readonly stop: StopKind | undefined;
  /** The event in its way. */
  readonly retry: Retry | undefined;
}

/** What alerts are judged by. */
export interface Vitals {
  readonly nowMs: number;
  /** When the process started. */
  readonly startedAtMs: number;
  /** Why callbacks cannot be kept. */
  readonly failure: string | undefined;
  readonly disk:
    | { readonly freeBytes: number; readonly isScarce: boolean }
    | undefined;
  readonly apps: readonly {
    readonly id: number;
    readonly lastCallbackMs: number | undefined;
    readonly isSigned: boolean;
  }[];
  readonly rejects: readonly Rejects[];
  readonly stopped: readonly StoppedEndpoint[];
  /** Of the directory. */
  readonly lag: { readonly events: number; readonly seconds: number };
  readonly retention:
    | { readonly days: number; readonly oldestMs: number | undefined }
    | undefined;
  readonly quarantined: number;
}
