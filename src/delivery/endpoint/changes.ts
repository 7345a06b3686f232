import type {
  Endpoint,
  EndpointConfig,
  EndpointSecret,
  Replay,
  Track,
} from "./endpoint.ts";
import type { EndpointChange } from "./progress.ts";
import { failingTrack, trackIdOf } from "./track.ts";
import { passed } from "./transition.ts";

// The changes that a person makes to an endpoint. Each is pure: it is made again when another came first.

/** A new, active endpoint whose first event is the one behind `cursor`. */
export function newEndpoint(
  config: EndpointConfig,
  { id, secret, cursor, nowMs }: {
    readonly id: string;
    readonly secret: string;
    readonly cursor: number;
    readonly nowMs: number;
  },
): Endpoint {
  return {
    ...config,
    id,
    secrets: [{ secret, createdAtMs: nowMs }],
    createdAtMs: nowMs,
    mode: "active",
    main: { after: cursor },
    movedAtMs: nowMs,
    replays: [],
    failures: 0,
    epoch: 0,
    attempts: 0,
  };
}

/**
 * An endpoint with other settings. A waiting event is tried at once: the change may be the cure. The
 * values of headers are secrets of the receiver: they do not follow a URL to another host.
 */
export function reconfigured(
  endpoint: Endpoint,
  { changes, nowMs }: {
    readonly changes: Partial<EndpointConfig>;
    readonly nowMs: number;
  },
): Endpoint {
  const dropped = movesHost(endpoint, changes) && WITHOUT_SECRETS;
  const format = "format" in changes ? changes.format : endpoint.format;
  // Only Tencent's format has a Sign: it must not come back with the format, without being asked for.
  const unsigned = format !== "tencent" && { signWithAppToken: undefined };
  const after = revised({ ...endpoint, ...dropped, ...changes, ...unsigned });
  // Another filter may want other events first: what the worker has found is stale.
  if (changes.filter === undefined) return withoutWaiting(after, nowMs);
  return { ...withoutRetries(after), epoch: endpoint.epoch + 1 };
}

const WITHOUT_SECRETS = {
  headers: {},
  token: undefined,
  signWithAppToken: undefined,
};

/** True when a change leads an endpoint to another host, port or scheme. */
export function movesHost(
  { url }: Pick<Endpoint, "url">,
  changes: Pick<Partial<EndpointConfig>, "url">,
): boolean {
  return changes.url !== undefined &&
    new URL(changes.url).origin !== new URL(url).origin;
}

/** A paused endpoint: nothing is sent until it is resumed. Forgets that a restore paused it. */
export function paused(endpoint: Endpoint): Endpoint {
  const { mode, stop } = endpoint;
  if (mode === "paused" && stop === undefined) return endpoint;
  return { ...endpoint, mode: "paused", stop: undefined };
}

/** A resumed endpoint: it goes on where it stands, with all its retries, whatever stopped it. */
export function resumed(endpoint: Endpoint): Endpoint {
  const active = { ...endpoint, mode: "active", stop: undefined } as const;
  return withoutRetries(revised(active));
}

/** An endpoint whose failing event is set aside; the same endpoint when that event is not `seq`. */
export function skipped(
  endpoint: Endpoint,
  { seq, nowMs }: { readonly seq: number; readonly nowMs: number },
): EndpointChange {
  const track = failingTrack(endpoint);
  const { retry } = track ?? {};
  if (track === undefined || retry?.seq !== seq) return { endpoint };
  const given = { track: trackIdOf(track), through: seq, delivered: 0, nowMs };
  const after = passed(endpoint, given);
  return {
    endpoint: {
      ...after,
      restUntilMs: undefined,
      epoch: endpoint.epoch + 1,
    },
    setsAside: { seq, atMs: nowMs, cause: "skipped", failures: retry.failures },
  };
}

/** An endpoint with one more replay, after those that wait already. */
export function replayed(endpoint: Endpoint, replay: Replay): Endpoint {
  return { ...endpoint, replays: [...endpoint.replays, replay] };
}

/** Most secrets that may sign at once. */
export const LIVE_SECRETS_MAX = 3;

/**
 * An endpoint with a new secret; the one before signs for a while. A secret that was promised until
 * a time keeps its time.
 */
export function rotated(
  endpoint: Endpoint,
  { secret, nowMs, overlapMs }: {
    readonly secret: string;
    readonly nowMs: number;
    readonly overlapMs: number;
  },
): Endpoint {
  const [current, ...earlier] = liveSecrets(endpoint, nowMs);
  const expiresAtMs = nowMs + overlapMs;
  const previous = current && overlapMs > 0
    ? [{ ...current, expiresAtMs }]
    : [];
  const secrets = [{ secret, createdAtMs: nowMs }, ...previous, ...earlier];
  return revised({ ...endpoint, secrets });
}

/** The secrets that sign now, the current one first. */
export function liveSecrets(
  { secrets }: Pick<Endpoint, "secrets">,
  nowMs: number,
): EndpointSecret[] {
  return secrets.filter(({ expiresAtMs = Infinity }) => expiresAtMs > nowMs);
}

/** Marks the endpoint so that requests under way, sent with the old settings, no longer count as failures. */
function revised(endpoint: Endpoint): Endpoint {
  return { ...endpoint, revision: (endpoint.revision ?? 0) + 1 };
}

function withoutRetries(endpoint: Endpoint): Endpoint {
  return withRetries(endpoint, () => undefined);
}

function withoutWaiting(endpoint: Endpoint, nowMs: number): Endpoint {
  return withRetries(
    endpoint,
    (retry) => retry && { ...retry, nextAttemptAtMs: nowMs },
  );
}

/** Ends all waiting, and changes the retry of each track. */
function withRetries(
  endpoint: Endpoint,
  change: (retry: Track["retry"]) => Track["retry"],
): Endpoint {
  const { main, replays } = endpoint;
  return {
    ...endpoint,
    main: { ...main, retry: change(main.retry) },
    replays: replays.map((one) => ({ ...one, retry: change(one.retry) })),
    restUntilMs: undefined,
  };
}
