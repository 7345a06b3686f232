import { failingTrack } from "../../delivery/endpoint/track.ts";
import { reasonOf } from "../../delivery/endpoint/state.ts";
import type { Endpoint } from "../../delivery/endpoint/endpoint.ts";
import type { Alert, StoppedEndpoint } from "./alert.ts";

/** More of them are told in one sentence. */
const TOLD_SINGLY = 3;

/** Those of the endpoints to which nothing is sent until a person says so, and none has said not to. */
export function stoppedOf(
  endpoints: readonly Endpoint[],
): readonly StoppedEndpoint[] {
  return endpoints.filter((one) => reasonOf(one) !== undefined).map((one) => ({
    name: one.description || hostOf(one.url),
    stop: one.stop,
    retry: failingTrack(one)?.retry,
  }));
}

/** What is told of them: nothing arrives there, and nobody else may notice. */
export function endpointAlerts(
  stopped: readonly StoppedEndpoint[],
): readonly Alert[] {
  if (stopped.length <= TOLD_SINGLY) return stopped.map(alertOf);
  const count = stopped.length;
  return [{
    kind: "endpointsStopped",
    text:
      `Nothing is sent to ${count} endpoints: each is held, disabled or restored, and waits for you. See why, then resume it.`,
    params: { count },
  }];
}

function alertOf({ name, stop, retry }: StoppedEndpoint): Alert {
  const nothing = `Nothing is sent to the endpoint "${name}"`;
  if (stop === "gone") {
    return {
      kind: "endpointDisabled",
      text:
        `${nothing}: it answered 410, which means that nobody wants anything there. Resume it if that was a mistake, else delete it.`,
      params: { endpoint: name },
    };
  }
  if (stop === "restored") {
    return {
      kind: "endpointRestored",
      text:
        `${nothing} since the store was restored from a backup: what was delivered after that would be sent again. Resume it if that is right.`,
      params: { endpoint: name },
    };
  }
  if (stop === "ahead") {
    return {
      kind: "endpointAhead",
      text:
        `${nothing}: its position lies beyond the journal's end. Is this the journal it belongs to? Delete it, and add it anew.`,
      params: { endpoint: name },
    };
  }
  return heldAlert(nothing, { name, retry });
}

function heldAlert(
  nothing: string,
  { name: endpoint, retry }: Pick<StoppedEndpoint, "name" | "retry">,
): Alert {
  if (retry === undefined) {
    return {
      kind: "endpointWaits",
      text:
        `${nothing}: what was in its way has been skipped. Resume it; everything is kept for it.`,
      params: { endpoint },
    };
  }
  const { seq: event, failures: attempts, cause } = retry;
  return {
    kind: "endpointHeld",
    text:
      `${nothing}: event ${event} has failed ${attempts} times (${cause}). Mend the receiver, then resume it; everything is kept for it.`,
    params: { endpoint, event, attempts, cause },
  };
}

function hostOf(url: string): string {
  return URL.parse(url)?.host ?? "";
}
