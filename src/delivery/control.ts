import type {
  Endpoint,
  EndpointConfig,
  EndpointSecret,
  Replay,
} from "../store/endpoint.ts";
import type { Change } from "../store/progress.ts";
import { currentLine, lineIdOf, passed } from "./transition.ts";

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

/** Another configuration. What failed is tried at once: the change may be the cure. */
export function reconfigured(
  endpoint: Endpoint,
  changes: Partial<EndpointConfig>,
): Endpoint {
  const after = { ...endpoint, ...changes };
  // Another filter may want other events first: what the worker has found is stale.
  if (changes.filter === undefined) return withoutWaiting(after);
  return { ...withoutRetries(after), epoch: endpoint.epoch + 1 };
}

/** Nothing is sent until it is resumed. */
export function paused(endpoint: Endpoint): Endpoint {
  if (endpoint.mode === "paused") return endpoint;
  return { ...endpoint, mode: "paused", reason: undefined };
}

/** Sent again, from where it stands and with all its retries, whatever stopped it. */
export function resumed(endpoint: Endpoint): Endpoint {
  const active = { ...endpoint, mode: "active", reason: undefined } as const;
  return withoutRetries(active);
}

/** The event that is in the way is set aside; the same endpoint when that is not `seq`. */
export function skipped(
  endpoint: Endpoint,
  { seq, nowMs }: { readonly seq: number; readonly nowMs: number },
): Change {
  const line = currentLine(endpoint);
  const { retry } = line;
  if (retry?.seq !== seq) return { endpoint };
  const given = { line: lineIdOf(line), through: seq, delivered: 0, nowMs };
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

/** Signed with a new secret, and with the one before for a while. */
export function rotated(
  endpoint: Endpoint,
  { secret, nowMs, overlapMs }: {
    readonly secret: string;
    readonly nowMs: number;
    readonly overlapMs: number;
  },
): Endpoint {
  const [current] = endpoint.secrets;
  const expiresAtMs = nowMs + overlapMs;
  const previous = current && overlapMs > 0
    ? [{ ...current, expiresAtMs }]
    : [];
  const secrets = [{ secret, createdAtMs: nowMs }, ...previous];
  return { ...endpoint, secrets };
}

/** The secrets that sign now, the current one first. */
export function liveSecrets(
  { secrets }: Pick<Endpoint, "secrets">,
  nowMs: number,
): EndpointSecret[] {
  return secrets.filter(({ expiresAtMs = Infinity }) => expiresAtMs > nowMs);
}

function withoutRetries(endpoint: Endpoint): Endpoint {
  const replays = endpoint.replays.map((one) => ({ ...one, retry: undefined }));
  const main = { ...endpoint.main, retry: undefined };
  return { ...endpoint, main, replays, restUntilMs: undefined };
}

function withoutWaiting(endpoint: Endpoint): Endpoint {
  const { retry } = endpoint.main;
  const main = retry === undefined
    ? endpoint.main
    : { ...endpoint.main, retry: { ...retry, nextAttemptAtMs: 0 } };
  const replays = endpoint.replays.map((one) =>
    one.retry === undefined
      ? one
      : { ...one, retry: { ...one.retry, nextAttemptAtMs: 0 } }
  );
  return { ...endpoint, main, replays, restUntilMs: undefined };
}
