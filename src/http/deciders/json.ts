import type * as v from "valibot";
import { isoOf } from "../../base/iso_time.ts";
import type { Decider } from "../../delivery/decider/decider.ts";
import type { DeciderStatus } from "../../delivery/decider/health.ts";
import type { DeciderSchema } from "./schemas.ts";

/** A decider as the API shows it. */
export function deciderJson(
  decider: Decider,
  { status, warnings = [] }: {
    readonly status: DeciderStatus;
    readonly warnings?: readonly string[];
  },
): v.InferInput<typeof DeciderSchema> {
  const { name, url, answer, timeoutMs, onFailure, headers } = decider;
  const { state, failures, failingSinceMs, latency, lastFailures } = status;
  return {
    name,
    commands: [...decider.commands],
    families: [...decider.families],
    sdkAppIds: [...decider.apps],
    ...url !== undefined && { url },
    ...answer !== undefined && { answer: JSON.parse(answer) },
    timeoutMs,
    onFailure,
    headers: Object.keys(headers),
    hasToken: decider.token !== undefined,
    signWithAppToken: decider.signWithAppToken ?? false,
    createdAt: isoOf(decider.createdAtMs),
    state: decider.isPaused ? "paused" : state,
    failures,
    ...failingSinceMs !== undefined && { failingSince: isoOf(failingSinceMs) },
    recent: { ...latency },
    decisions: { ...status.decisions },
    lastFailures: lastFailures.map(({ atMs, command, reason, error }) => ({
      time: isoOf(atMs),
      command,
      reason,
      error,
    })),
    ...warnings.length > 0 && { warnings: [...warnings] },
  };
}
