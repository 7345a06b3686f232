/** The outcomes of a request on the callback path. */
export const OUTCOMES = [
  "kept",
  "copy",
  "unkept",
  "quarantined",
  "refused",
  "failed",
  "probe",
] as const;

/** An outcome of a request on the callback path. */
export type CallbackOutcome = typeof OUTCOMES[number];

/** One request on the callback path, as it is counted. */
export interface SeenCallback {
  /** The ErrorCode; 0 when it was kept, or is a copy or a probe. */
  readonly code: number;
  readonly app?: number | undefined;
  readonly command?: string | undefined;
  readonly isCopy?: boolean;
  readonly isUnkept?: boolean;
  readonly isProbe?: boolean;
  readonly durationMs: number;
}

/** The number of requests with these labels. */
export interface CallbackCount {
  readonly labels: {
    readonly command: string;
    readonly app: string;
    readonly outcome: CallbackOutcome;
  };
  count: number;
}

/** The values that labels may have; everything else counts as `other` or `none`. */
export interface CallbackLabels {
  /** SDKAppIDs. */
  readonly apps: Iterable<number>;
  /** Command words. */
  readonly commands: Iterable<string>;
}

interface AppCounts {
  readonly app: string;
  readonly byCommand: Map<
    string,
    Partial<Record<CallbackOutcome, CallbackCount>>
  >;
  lastAtMs: number;
}

/** Label of what was refused before its app or command was known. */
const NONE = "none";
const OTHER = "other";

/**
 * Requests on the callback path by command, app and outcome. Their number is bounded whatever comes
 * in. A request costs look-ups alone: adding 1 in the metrics library takes 0.3 µs.
 */
export class CallbackCounts {
  #commands: ReadonlySet<string>;
  #apps: ReadonlyMap<number, AppCounts>;
  #nobody = appCounts(NONE);

  constructor({ apps, commands }: CallbackLabels) {
    this.#commands = new Set(commands);
    this.#apps = new Map(
      Array.from(apps, (app) => [app, appCounts(String(app))]),
    );
  }

  /** Every count there is. */
  *all(): Generator<CallbackCount> {
    for (const { byCommand } of [this.#nobody, ...this.#apps.values()]) {
      for (const counts of byCommand.values()) yield* Object.values(counts);
    }
  }

  /** Time of each app's last authentic callback, Unix ms; only apps that have sent one. */
  get lastCallbacks(): readonly {
    readonly app: string;
    readonly atMs: number;
  }[] {
    return [...this.#apps.values()].filter(({ lastAtMs }) => lastAtMs > 0)
      .map(({ app, lastAtMs }) => ({ app, atMs: lastAtMs }));
  }

  /** Counts one request at this time, and says whether it came from an app. */
  add(seen: SeenCallback, nowMs: number): boolean {
    const app = this.#apps.get(seen.app ?? NaN) ?? this.#nobody;
    this.#countOf(app, seen).count++;
    if (app === this.#nobody) return false;
    app.lastAtMs = nowMs;
    return true;
  }

  #countOf({ app, byCommand }: AppCounts, seen: SeenCallback): CallbackCount {
    const command = this.#labelOf(seen.command);
    let counts = byCommand.get(command);
    if (counts === undefined) {
      counts = {};
      byCommand.set(command, counts);
    }
    const outcome = outcomeOf(seen);
    return counts[outcome] ??= { labels: { command, app, outcome }, count: 0 };
  }

  #labelOf(command: string | undefined): string {
    if (command === undefined) return NONE;
    return this.#commands.has(command) ? command : OTHER;
  }
}

function appCounts(app: string): AppCounts {
  return { app, byCommand: new Map(), lastAtMs: 0 };
}

function outcomeOf(
  { code, isCopy, isProbe, isUnkept }: SeenCallback,
): CallbackOutcome {
  if (isProbe) return "probe";
  if (isUnkept) return "unkept";
  if (code === 0) return isCopy ? "copy" : "kept";
  if (code >= 50_300) return "failed";
  return code >= 42_200 && code < 42_300 ? "quarantined" : "refused";
}
