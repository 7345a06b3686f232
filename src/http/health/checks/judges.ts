// What the server finds about itself, judged. Pure: each judge looks at what was observed alone.
import { isNetwork, networkTest } from "../../../base/networks.ts";
import type { CheckStatus, Verdict } from "./check.ts";

/** Requests that were refused with one code. */
export interface RefusedRequests {
  readonly code: number;
  readonly lastHour: number;
  readonly lastAddress: string;
}

/** What the server knows of one app. */
export interface AppSight {
  /** SDKAppID. */
  readonly app: number;
  readonly isSigned: boolean;
  readonly lastCallbackMs: number | undefined;
  /** Command words that came since the start. */
  readonly commands: readonly string[];
  /** What a call of the REST API gave; undefined where no key is set. */
  readonly rest: RestSight | undefined;
}

/** What came of calls of Tencent's REST API. */
export type RestSight =
  | {
    readonly ok: true;
    readonly groups: number;
    /** Tencent's clock when it answered, and ours, Unix ms. */
    readonly clock:
      | { readonly serverMs: number; readonly ownMs: number }
      | undefined;
    /** Tencent's addresses for callbacks, or why they are not known. */
    readonly addresses:
      | readonly string[]
      | { readonly reason: string }
      | undefined;
  }
  | {
    readonly ok: false;
    readonly reason: string;
    /** The data centre that knows the app. */
    readonly centre?: string | undefined;
  };

/** Everything that the server's checks are judged by. */
export interface ServerSight {
  readonly nowMs: number;
  readonly startedAtMs: number;
  /** Why callbacks cannot be kept. */
  readonly storeFailure: string | undefined;
  readonly directoryFailure: string | undefined;
  /** The journal's last number. */
  readonly last: number;
  /** Undefined where the store is no local file, or nothing is known of its disk yet. */
  readonly disk:
    | { readonly freeBytes: number; readonly isScarce: boolean }
    | undefined;
  readonly refused: readonly RefusedRequests[];
  readonly allowedSenders: readonly string[] | undefined;
  readonly silenceMs: number;
  readonly apps: readonly AppSight[];
}

type Judge = (sight: ServerSight) => readonly Verdict[];

const MIB = 1_048_576;
const MINUTE_MS = 60_000;
const HOUR_MS = 3_600_000;

/** Tencent's Sign holds for 60 s: beyond half of that a clock is about to be too wrong. */
const MAX_CLOCK_OFF_SEC = 30;
const MAX_COMMANDS = 12;
const MAX_BLOCKS = 10;

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

function judgeCallbacks(
  { app, lastCallbackMs, commands }: AppSight,
  { nowMs, startedAtMs, silenceMs }: ServerSight,
): Verdict {
  const name = "callbacks";
  const silentMs = nowMs - (lastCallbackMs ?? startedAtMs);
  const hours = Math.floor(silentMs / HOUR_MS);
  const isSilent = silentMs >= silenceMs;
  if (lastCallbackMs === undefined) {
    const status = isSilent ? "fail" : "warn";
    return { name, status, text: "callbacksNone", app };
  }
  if (isSilent) {
    return {
      name,
      status: "fail",
      text: "callbacksSilent",
      app,
      params: { hours },
    };
  }
  const params = {
    minutes: Math.floor(silentMs / MINUTE_MS),
    commands: listed(commands, MAX_COMMANDS),
  };
  return { name, status: "ok", text: "callbacksOk", app, params };
}

function judgeRest({ app, rest }: AppSight): Verdict {
  const name = "rest";
  if (rest === undefined) {
    return { name, status: "skipped", text: "restNoKey", app };
  }
  if (rest.ok) {
    return {
      name,
      status: "ok",
      text: "restOk",
      app,
      params: { groups: rest.groups },
    };
  }
  const { centre, reason } = rest;
  return centre === undefined
    ? { name, status: "fail", text: "restFailed", app, params: { reason } }
    : { name, status: "fail", text: "restElsewhere", app, params: { centre } };
}

function judgeAddresses(
  { app, rest }: AppSight,
  { allowedSenders }: ServerSight,
): Verdict[] {
  const name = "addresses";
  if (allowedSenders === undefined) {
    return [{ name, status: "skipped", text: "addressesOpen", app }];
  }
  const addresses = rest?.ok ? rest.addresses : undefined;
  if (addresses === undefined) return [];
  if ("reason" in addresses) {
    const { reason } = addresses;
    return [{
      name,
      status: "warn",
      text: "addressesUnknown",
      app,
      params: { reason },
    }];
  }
  const lacking = addresses.filter((block) => !covers(allowedSenders, block));
  const status: CheckStatus = lacking.length === 0 ? "ok" : "fail";
  if (status === "ok") {
    const params = { count: addresses.length };
    return [{ name, status, text: "addressesOk", app, params }];
  }
  const params = { count: lacking.length, blocks: listed(lacking, MAX_BLOCKS) };
  return [{ name, status, text: "addressesBlocked", app, params }];
}

/** Whether one of the networks holds a whole block; what is none is not judged. */
export function covers(networks: readonly string[], block: string): boolean {
  if (!isNetwork(block)) return true;
  const [address = "", bits] = block.split("/");
  const size = bitsOf(address, bits);
  return networks.some((network) => {
    const [base = "", its] = network.split("/");
    return bitsOf(base, its) <= size && networkTest([network])(address);
  });
}

function bitsOf(address: string, bits: string | undefined): number {
  if (bits !== undefined) return Number(bits);
  return address.includes(":") ? 128 : 32;
}

function refusedWith(
  refused: readonly RefusedRequests[],
  code: number,
): RefusedRequests | undefined {
  return refused.find((one) => one.code === code && one.lastHour > 0);
}

/** The first of many, and how many more there are. */
function listed(texts: readonly string[], max: number): string {
  const more = texts.length - max;
  const shown = texts.slice(0, max).join(", ");
  return more > 0 ? `${shown}, … (+${more})` : shown;
}
