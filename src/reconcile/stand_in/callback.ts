import { SANDBOX_APP } from "../../config/config.ts";
import { sign } from "../../protocol/sign.ts";
import type { StandInCallback } from "./groups.ts";

/** Names of this machine. */
export const LOOPBACK_REGEXP = /^(localhost|127(\.\d{1,3}){3}|\[::1\])$/;

const TIMEOUT_MS = 5_000;

/** Posts a callback to this machine as Tencent would, signed with the sandbox's token. */
export async function postCallback(
  { command, body }: StandInCallback,
  { url, nowMs }: { readonly url: URL; readonly nowMs: number },
): Promise<void> {
  checkLoopback(url);
  const timeSec = String(Math.floor(nowMs / 1_000));
  const target = new URL(url);
  const query = {
    SdkAppid: String(SANDBOX_APP.id),
    CallbackCommand: command,
    contenttype: "json",
    ClientIP: "127.0.0.1",
    OptPlatform: "RESTAPI",
    Sign: sign(SANDBOX_APP.token, timeSec),
    RequestTime: timeSec,
  };
  for (const [name, value] of Object.entries(query)) {
    target.searchParams.set(name, value);
  }
  const response = await fetch(target, {
    method: "POST",
    body: JSON.stringify(body),
    redirect: "manual",
    signal: AbortSignal.timeout(TIMEOUT_MS),
  });
  await response.body?.cancel();
}

/**
 * Refuses a URL that leads off this machine.
 *
 * @throws {TypeError} naming the host
 */
export function checkLoopback(url: URL | undefined): void {
  if (url === undefined || LOOPBACK_REGEXP.test(url.hostname)) return;
  throw new TypeError(
    `Cannot send callbacks to "${url.hostname}": the stand-in sends them to this machine alone`,
  );
}
