import { VERSION } from "../../base/version.ts";
import { type Config, SANDBOX_APP } from "../../config/config.ts";
import { triggerCommand } from "../terminal/commands.ts";

/** The address that `trigger` uses by itself. */
const DEFAULT_ORIGIN = "http://127.0.0.1:8080";

/** What the banner takes beside the configuration. */
export interface BannerOptions {
  readonly hostname: string;
  readonly port: number;
  /** The API token, where the sandbox made it: one that a person has set is not printed. */
  readonly madeToken: string | undefined;
}

/** What a person who has just started the sandbox needs to know. */
export function sandboxBanner(
  config: Pick<Config, "apps" | "callbackPath" | "kv">,
  { hostname, port, madeToken }: BannerOptions,
): string {
  const host = hostname.includes(":") ? `[${hostname}]` : hostname;
  const origin = `http://${host}:${port}`;
  const url = `${origin}${config.callbackPath}`;
  const to = url === `${DEFAULT_ORIGIN}/` ? "" : ` --to ${url}`;
  const { id, token } = SANDBOX_APP;
  const isOurs = config.apps.get(String(id))?.tokens[0] === token;
  const appToken = isOurs ? `token "${token}"` : `token of IMHOOK_APP_${id}`;
  const link = madeToken === undefined
    ? `${origin}/console, log in with IMHOOK_API_TOKEN`
    : `${origin}/console#token=${madeToken}`;
  const bearer = madeToken ?? "$IMHOOK_API_TOKEN";
  return `
imhook ${VERSION} sandbox: receives Tencent Chat callbacks and keeps them in ${config.kv}

  Console          ${link}
  Callback URL     ${url}
  App              ${id}, ${appToken}

  Now, in a second shell, send a callback as Tencent would:
    ${triggerCommand()}${to}
  and look at what is kept:
    curl -H "Authorization: Bearer ${bearer}" ${origin}/v1/events
`;
}
