// Judges the facts about the server. Pure.
import { judgeAddresses, judgeCallbacks, judgeRest } from "./app_judges.ts";
import type { Verdict } from "./check.ts";
import type { RefusedRequests, ServerSight } from "./sight.ts";

type Judge = (sight: ServerSight) => readonly Verdict[];

const MIB = 1_048_576;

/** Tencent's Sign holds for 60 s: beyond half of that a clock is about to be too wrong. */
const MAX_CLOCK_OFF_SEC = 30;

const JUDGES: readonly Judge[] = [
  judgeConfiguration,
  judgeStore,
  judgeDisk,
  judgeClock,
  judgeToken,
  (sight) => sight.apps.map((app) => judgeCallbacks(app, sight)),
  ({ apps }) => apps.map(judgeRest),
  (sight) => sight.apps.flatMap((app) => judgeAddresses(app, sight)),
];

/** Every check of the server's part. */
export function judgeServer(sight: ServerSight): readonly Verdict[] {
  return JUDGES.flatMap((judge) => judge(sight));
}

function judgeConfiguration({ apps }: ServerSight): Verdict[] {
  const name = "configuration";
  const unsigned = apps.filter(({ isSigned }) => !isSigned);
  if (unsigned.length === 0) {
    const params = { apps: apps.length };
    return [{ name, status: "ok", text: "configurationOk", params }];
  }
  const params = { apps: unsigned.map(({ app }) => app).join(", ") };
  return [{ name, status: "warn", text: "configurationUnsigned", params }];
}

function judgeStore(sight: ServerSight): Verdict[] {
  const { storeFailure, directoryFailure, last } = sight;
  const name = "store";
  if (storeFailure !== undefined) {
    const params = { reason: storeFailure };
    return [{ name, status: "fail", text: "storeFailing", params }];
  }
  if (directoryFailure !== undefined) {
    const params = { reason: directoryFailure };
    return [{ name, status: "fail", text: "directoryStuck", params }];
  }
  return [{ name, status: "ok", text: "storeOk", params: { last } }];
}

function judgeDisk({ disk }: ServerSight): Verdict[] {
  const name = "disk";
  if (disk === undefined) {
    return [{ name, status: "skipped", text: "diskRemote" }];
  }
  const params = { freeMiB: Math.floor(disk.freeBytes / MIB) };
  return disk.isScarce
    ? [{ name, status: "fail", text: "diskLow", params }]
    : [{ name, status: "ok", text: "diskOk", params }];
}

function judgeClock({ apps, refused }: ServerSight): Verdict[] {
  const name = "clock";
  const clock = apps.flatMap(({ rest }) => rest?.ok && rest.clock || [])[0];
  const late = refusedWith(refused, 40102);
  if (clock === undefined) {
    return late === undefined
      ? [{ name, status: "skipped", text: "clockUnknown" }]
      : [{
        name,
        status: "fail",
        text: "clockRefused",
        params: { count: late.lastHour },
      }];
  }
  // A header names whole seconds.
  const offMs = Math.abs(clock.ownMs - clock.serverMs);
  const params = { seconds: Math.ceil(offMs / 1_000) };
  const isOff = params.seconds > MAX_CLOCK_OFF_SEC;
  return isOff
    ? [{ name, status: "fail", text: "clockOff", params }]
    : [{ name, status: "ok", text: "clockOk", params }];
}

function judgeToken({ refused }: ServerSight): Verdict[] {
  const name = "token";
  const wrong = refusedWith(refused, 40101);
  if (wrong !== undefined) {
    const params = { count: wrong.lastHour, address: wrong.lastAddress };
    return [{ name, status: "fail", text: "tokenWrong", params }];
  }
  const unsent = refusedWith(refused, 40100);
  if (unsent !== undefined) {
    const params = { count: unsent.lastHour };
    return [{ name, status: "warn", text: "tokenUnsent", params }];
  }
  return [{ name, status: "ok", text: "tokenOk" }];
}

function refusedWith(
  refused: readonly RefusedRequests[],
  code: number,
): RefusedRequests | undefined {
  return refused.find((one) => one.code === code && one.lastHour > 0);
}
