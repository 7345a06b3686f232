import { SANDBOX_APP } from "../config/config.ts";
import { readSecret } from "../config/secrets.ts";
import { UsageError } from "./terminal/flags.ts";

/**
 * The token of an app from `IMHOOK_APP_<N>` or from the file `IMHOOK_APP_<N>_FILE` names, read
 * as `serve` reads it. Undefined when the app has none; the sandbox's app always has one.
 *
 * @throws {UsageError} when both variables are set or the file cannot be read
 */
export function readToken(
  env: Readonly<Record<string, string>>,
  sdkAppId: number,
): string | undefined {
  const problems: string[] = [];
  const sources = { env, readFile: Deno.readTextFileSync };
  const token = readSecret(`IMHOOK_APP_${sdkAppId}`, sources, problems) ?? "";
  if (problems.length > 0) throw new UsageError(problems.join("\n"));
  if (token !== "") return token;
  return sdkAppId === SANDBOX_APP.id ? SANDBOX_APP.token : undefined;
}
