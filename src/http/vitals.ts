import type { Rejects } from "./intake_stats.ts";

/** Something that a person should look at. */
export interface Alert {
  readonly kind: string;
  /** One or two plain sentences. */
  readonly text: string;
  /** What the sentences were made of, for those who say them in another language. */
  readonly params: Readonly<Record<string, string | number>>;
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
  /** Of the directory. */
  readonly lag: { readonly events: number; readonly seconds: number };
  readonly retention:
    | { readonly days: number; readonly oldestMs: number | undefined }
    | undefined;
  readonly quarantined: number;
}
