// Judges the facts about one app. Pure.
import { isNetwork, networkTest } from "../../../base/networks.ts";
import type { CheckStatus, Verdict } from "./check.ts";
import type { AppSight, ServerSight } from "./sight.ts";

const MINUTE_MS = 60_000;
const HOUR_MS = 3_600_000;
const MAX_COMMANDS = 12;
const MAX_BLOCKS = 10;

/** Judges the time since an app's last callback. */
export function judgeCallbacks(
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
    commands: listed(commands, MAX_COMMANDS) || "-",
  };
  return { name, status: "ok", text: "callbacksOk", app, params };
}

/** Judges an app's key, host and administrator by the answer of Tencent's REST API. */
export function judgeRest({ app, rest }: AppSight): Verdict {
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

/** Judges the allow list by the addresses that Tencent sends from. */
export function judgeAddresses(
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

/** True when one of the networks holds a whole block; what is none is not judged. */
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

/** The first of many, and how many more there are. */
function listed(texts: readonly string[], max: number): string {
  const more = texts.length - max;
  const shown = texts.slice(0, max).join(", ");
  return more > 0 ? `${shown}, … (+${more})` : shown;
}
