import { endpointAlerts } from "./endpoint_alerts.ts";
import { rejectAlerts } from "./reject_alerts.ts";
import type { Alert, Vitals } from "./alert.ts";

type Judge = (vitals: Vitals) => readonly Alert[];

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
const MIB = 1_048_576;
const MAX_LAG_SEC = 60;

/** The most urgent first. */
const JUDGES: readonly Judge[] = [
  storeFailing,
  diskLow,
  ({ stopped }) => endpointAlerts(stopped),
  noCallbacks,
  ({ rejects }) => rejectAlerts(rejects),
  directoryBehind,
  retentionBehind,
  quarantine,
  unsignedApp,
];

/** What needs a person, the most urgent first; empty when all is well. */
export function alertsOf(vitals: Vitals): readonly Alert[] {
  return JUDGES.flatMap((judge) => judge(vitals));
}

function storeFailing({ failure }: Vitals): readonly Alert[] {
  if (failure === undefined) return [];
  return [{
    kind: "storeFailing",
    text:
      `Callbacks cannot be kept: ${failure}. Tencent does not send most of them again.`,
    params: { reason: failure },
  }];
}

function diskLow({ disk }: Vitals): readonly Alert[] {
  if (!disk?.isScarce) return [];
  const freeMiB = Math.floor(disk.freeBytes / MIB);
  return [{
    kind: "diskLow",
    text:
      `Only ${freeMiB} MiB are free where the store is. Make room before the disk is full: then no callback can be kept.`,
    params: { freeBytes: disk.freeBytes, freeMiB },
  }];
}

/** Callbacks come when users do something: a day without any is odd for an app that is in use. */
function noCallbacks({ apps, nowMs, startedAtMs }: Vitals): readonly Alert[] {
  return apps.flatMap(({ id, lastCallbackMs }) => {
    const silentMs = nowMs - (lastCallbackMs ?? startedAtMs);
    if (silentMs < DAY_MS) return [];
    const hours = Math.floor(silentMs / HOUR_MS);
    const since = lastCallbackMs === undefined
      ? `since imhook started ${spanText(hours)} ago`
      : `for ${spanText(hours)}`;
    return [{
      kind: "noCallbacks",
      text:
        `No callback of app ${id} has come ${since}. Is the callback URL still set and switched on in Tencent's console?`,
      params: { sdkAppId: id, hours },
    }];
  });
}

function directoryBehind({ lag }: Vitals): readonly Alert[] {
  if (lag.seconds <= MAX_LAG_SEC) return [];
  const seconds = Math.round(lag.seconds);
  return [{
    kind: "directoryBehind",
    text:
      `The group directory is ${lag.events} events (${seconds} s) behind: what you see of groups is older than the journal.`,
    params: { events: lag.events, seconds },
  }];
}

/** Packs leave whole, and within a minute: a day more than the days is too long. */
function retentionBehind({ retention, nowMs }: Vitals): readonly Alert[] {
  if (retention?.oldestMs === undefined) return [];
  const { days, oldestMs } = retention;
  const overMs = nowMs - oldestMs - days * DAY_MS;
  if (overMs < DAY_MS) return [];
  const overdueDays = Math.floor(overMs / DAY_MS);
  return [{
    kind: "retentionBehind",
    text:
      `Events should leave after ${days} days, and the oldest is ${overdueDays} days overdue. The log says what holds them back.`,
    params: { days, overdueDays },
  }];
}

function quarantine({ quarantined: items }: Vitals): readonly Alert[] {
  if (items === 0) return [];
  const text = items === 1
    ? "1 callback is set aside in quarantine. Look at why, then revalidate or delete it."
    : `${items} callbacks are set aside in quarantine. Look at why, then revalidate or delete them.`;
  return [{ kind: "quarantine", text, params: { items } }];
}

function unsignedApp({ apps }: Vitals): readonly Alert[] {
  return apps.filter(({ isSigned }) => !isSigned).map(({ id }) => ({
    kind: "unsignedApp",
    text:
      `App ${id} has no callback token: anybody can forge its callbacks. Set one in Tencent's console and here.`,
    params: { sdkAppId: id },
  }));
}

function spanText(hours: number): string {
  return hours < 48 ? `${hours} hours` : `${Math.floor(hours / 24)} days`;
}
