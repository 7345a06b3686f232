// Alerts about what is configured: silent apps, missing tokens, old tokens, a console without TLS.
import type { AlertFinding, SeenApp, Vitals } from "./alert.ts";

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
const HEALTH = "/console/health";

/** Silence is odd for an app that is in use: callbacks come when users do something. */
export function silent(
  { apps, nowMs, silenceMs }: Vitals,
): readonly AlertFinding[] {
  return apps.flatMap(({ id, lastCallbackMs, watchedSinceMs }) => {
    const sinceMs = lastCallbackMs ?? watchedSinceMs;
    if (nowMs - sinceMs < silenceMs) return [];
    const hours = Math.floor((nowMs - sinceMs) / HOUR_MS);
    return [{
      kind: lastCallbackMs === undefined ? "neverHeard" : "silent",
      of: id,
      severity: "failing" as const,
      params: { app: String(id), hours },
      link: HEALTH,
      sinceMs: sinceMs + silenceMs,
    }];
  });
}

/** Anybody can forge the callbacks of an app without a token. */
export function unsignedApps({ apps }: Vitals): readonly AlertFinding[] {
  return apps.filter(({ isSigned }) => !isSigned)
    .map(({ id }) => noteOf("unsignedApp", id));
}

/** The console without TLS, on a private network. */
export function plainConsole(
  { insecureConsole }: Vitals,
): readonly AlertFinding[] {
  if (!insecureConsole) return [];
  return [{
    kind: "insecureConsole",
    severity: "note",
    params: {},
    link: HEALTH,
  }];
}

/** A previous token is for the minutes of a change: it opens the door as the current one does. */
export function previousTokens(
  { apps, nowMs, startedAtMs }: Vitals,
): AlertFinding[] {
  return apps.flatMap(({ id, previousToken }: SeenApp) => {
    if (previousToken === undefined) return [];
    const { lastMs } = previousToken;
    if (lastMs !== undefined && nowMs - lastMs < HOUR_MS) {
      return [noteOf("previousTokenUsed", id)];
    }
    const isOld = nowMs - (lastMs ?? startedAtMs) >= DAY_MS;
    return isOld ? [noteOf("previousTokenUnused", id)] : [];
  });
}

function noteOf(kind: string, app: number): AlertFinding {
  const params = { app: String(app) };
  return { kind, of: app, severity: "note", params, link: HEALTH };
}
