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

/** What a person does to an endpoint; each is pure, and done again when somebody was faster. */

/** A new endpoint, active, that gets first what is behind `cursor`. */
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

/** Another configuration. What waits is tried at once: the change may be the cure. */
export function reconfigured(
  endpoint: Endpoint,
  { changes, nowMs }: {
    readonly changes: Partial<EndpointConfig>;
    readonly nowMs: number;
  },
): Endpoint {
  const after = revised({ ...endpoint, ...changes });
  // Another filter may want other events first: what the worker has found is stale.
  if (changes.filter === undefined) return withoutWaiting(after, nowMs);
  return { ...withoutRetries(after), epoch: endpoint.epoch + 1 };
}

/** Nothing is sent until it is resumed; that it was paused by a restore is forgotten. */
export function paused(endpoint: Endpoint): Endpoint {
  const { mode, stop } = endpoint;
  if (mode === "paused" && stop === undefined) return endpoint;
  return { ...endpoint, mode: "paused", stop: undefined };
}

/** Sent again, from where it stands and with all its retries, whatever stopped it. */
export function resumed(endpoint: Endpoint): Endpoint {
  const active = { ...endpoint, mode: "active", stop: undefined } as const;
  return withoutRetries(revised(active));
}

/** The event that is in the way is set aside; the same endpoint when that is not `seq`. */
export function skipped(
  endpoint: Endpoint,
  { seq, nowMs }: { readonly seq: number; readonly nowMs: number },
): EndpointChange {
  const line = failingTrack(endpoint);
  const { retry } = line ?? {};
  if (line === undefined || retry?.seq !== seq) return { endpoint };
  const given = { line: trackIdOf(line), through: seq, delivered: 0, nowMs };
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

/** A part of the journal is sent again, after the replays that wait already. */
export function replayed(endpoint: Endpoint, replay: Replay): Endpoint {
  return { ...endpoint, replays: [...endpoint.replays, replay] };
}

/** Secrets that may sign at once. */
export const LIVE_SECRETS_MAX = 3;

/**
 * Signed with a new secret, and with the one before for a while. Each that was promised to sign until
 * a time does so.
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

/** What is under way was sent by what was decided before. */
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

/** Nothing is waited for any more, and each line's retry is another one. */
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
