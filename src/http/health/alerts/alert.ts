// An alert, and the facts that alerts are judged by.
import type {
  PendingRetry,
  StopKind,
} from "../../../delivery/endpoint/endpoint.ts";
import type { Rejects } from "../../callback/intake_stats.ts";

/** The languages that alerts are told in. */
export const ALERT_LANGS = ["en", "ja", "zh"] as const;

/** A language that alerts are told in. */
export type AlertLang = (typeof ALERT_LANGS)[number];

/** The weights of an alert: callbacks are lost now; something fails; it soon will; a hint. */
export const SEVERITIES = ["losing", "failing", "soon", "note"] as const;

/** The weight of an alert. */
export type Severity = (typeof SEVERITIES)[number];

/** Numbers and names that a sentence is made of. */
export type AlertParams = Readonly<Record<string, string | number>>;

/** Something that a person should look at, before it is put into words. */
export interface AlertFinding {
  /** Key of its words. */
  readonly kind: string;
  /** The thing concerned, where there may be several, as an endpoint's id. */
  readonly of?: string | number;
  readonly severity: Severity;
  readonly params: AlertParams;
  /** Page of the console that shows the cause. */
  readonly link: string;
  /** Begin of the trouble, Unix ms, where it is known. */
  readonly sinceMs?: number | undefined;
}

/** A finding with its begin. */
export interface RaisedAlert extends AlertFinding {
  /** Id of the alert; a restart does not change it. */
  readonly id: string;
  readonly sinceMs: number;
}

/** An alert in a language, as the API gives it. */
export interface AlertJson {
  readonly id: string;
  readonly severity: Severity;
  readonly since: string;
  readonly message: string;
  readonly action: string;
  readonly link: string;
}

/** An endpoint that does not get its events. */
export interface TroubledEndpoint {
  readonly id: string;
  /** Its description, or the host of its URL: no other part of that. */
  readonly name: string;
  readonly trouble: StopKind | "failing" | "deadLetters";
  /** The event in its way. */
  readonly retry: PendingRetry | undefined;
  readonly sinceMs: number | undefined;
}

/** An app as intake sees it. */
export interface SeenApp {
  /** SDKAppID. */
  readonly id: number;
  readonly lastCallbackMs: number | undefined;
  /** Time since when this server waits for its callbacks, Unix ms. */
  readonly watchedSinceMs: number;
  readonly isSigned: boolean;
  /** The last use of its previous token; undefined where it has none. */
  readonly previousToken?: { readonly lastMs: number | undefined } | undefined;
}

/** The facts that alerts are judged by. */
export interface Vitals {
  readonly nowMs: number;
  /** Start of the process, Unix ms. */
  readonly startedAtMs: number;
  /** True when the console may be used over plain http. */
  readonly insecureConsole: boolean;
  /** Silence that is an alert, ms. */
  readonly silenceMs: number;
  /** Reason why callbacks cannot be kept. */
  readonly failure: string | undefined;
  readonly disk:
    | {
      readonly freeBytes: number;
      readonly isScarce: boolean;
      readonly walBytes: number;
      /** True when a reader from outside keeps the write-ahead log from being reset. */
      readonly isWalHeld: boolean;
    }
    | undefined;
  readonly apps: readonly SeenApp[];
  readonly rejects: readonly Rejects[];
  readonly endpoints: readonly TroubledEndpoint[];
  readonly deciders: readonly {
    readonly name: string;
    readonly failures: number;
    readonly failingSinceMs: number | undefined;
  }[];
  readonly directory: {
    readonly failure?: string | undefined;
    readonly events: number;
    readonly seconds: number;
  };
  /** Batches that are durable, and not in the journal yet. */
  readonly lane:
    | { readonly waiting: number; readonly oldestSec: number }
    | undefined;
  readonly retention:
    | { readonly days: number; readonly oldestMs: number | undefined }
    | undefined;
  readonly quarantined: number;
  /** Items that left the quarantine unseen since the start, as more came than it holds. */
  readonly evicted: number;
  /** Events of the last day whose EventTime lies in the future. */
  readonly future: { readonly count: number; readonly address: string };
  /** Requests with a wrong token in the last hour. */
  readonly guesses: { readonly count: number; readonly address: string };
  readonly runs: readonly {
    readonly app: number;
    readonly state: string;
    readonly missed: number;
    readonly isHeldBack: boolean;
    readonly error: string | undefined;
    readonly endedAtMs: number | undefined;
  }[];
}
