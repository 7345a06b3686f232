// Judges the endpoints where nothing arrives: nobody else may notice.
import { stopReasonOf } from "../../../delivery/endpoint/state.ts";
import { failingTrack } from "../../../delivery/endpoint/track.ts";
import type { Endpoint } from "../../../delivery/endpoint/endpoint.ts";
import type { AlertFinding, TroubledEndpoint } from "./alert.ts";

/** Failing for so long is an alert, ms. */
const FAILING_MS = 5 * 60_000;

const KINDS = {
  exhausted: "endpointHeld",
  gone: "endpointDisabled",
  ahead: "endpointAhead",
  restored: "endpointRestored",
  failing: "endpointFailing",
  deadLetters: "deadLetters",
} as const;

/** The trouble of an endpoint; undefined for one that is well, or that a person has paused. */
export function troubleOf(
  endpoint: Endpoint,
  nowMs: number,
): TroubledEndpoint | undefined {
  const { id, mode, stop, stoppedAtMs, failingSinceMs } = endpoint;
  const name = endpoint.description || hostOf(endpoint.url);
  const retry = failingTrack(endpoint)?.retry;
  if (stopReasonOf(endpoint) !== undefined) {
    const trouble = stop ?? "exhausted";
    return { id, name, trouble, retry, sinceMs: stoppedAtMs };
  }
  const isFailing = mode === "active" && failingSinceMs !== undefined &&
    nowMs - failingSinceMs >= FAILING_MS;
  if (!isFailing) return undefined;
  return { id, name, trouble: "failing", retry, sinceMs: failingSinceMs };
}

/** The findings about troubled endpoints. */
export function endpointFindings(
  endpoints: readonly TroubledEndpoint[],
): AlertFinding[] {
  return endpoints.map(({ id, name, trouble, retry, sinceMs }) => {
    const isSkipped = trouble === "exhausted" && retry === undefined;
    return {
      kind: isSkipped ? "endpointWaits" : KINDS[trouble],
      of: id,
      severity: trouble === "deadLetters" ? "note" : "failing",
      params: {
        name,
        endpoint: id,
        event: retry?.seq ?? 0,
        attempts: retry?.failures ?? 0,
        cause: retry?.cause ?? "",
      },
      link: `/console/endpoints?endpoint=${encodeURIComponent(id)}`,
      sinceMs,
    };
  });
}

function hostOf(url: string): string {
  return URL.parse(url)?.host ?? "";
}
