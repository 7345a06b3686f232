import { type Config, SANDBOX_APP } from "../config.ts";
import { VERSION } from "../version.ts";

/** The address that `trigger` uses by itself. */
const DEFAULT_ORIGIN = "http://127.0.0.1:8080";

/** What a person who has just started the sandbox needs to know. */
export function sandboxBanner(
  config: Pick<Config, "apiTokens" | "callbackPath" | "kv">,
  { hostname, port }: { readonly hostname: string; readonly port: number },
): string {
  const host = hostname.includes(":") ? `[${hostname}]` : hostname;
  const origin = `http://${host}:${port}`;
  const url = `${origin}${config.callbackPath}`;
  const to = url === `${DEFAULT_ORIGIN}/` ? "" : ` --to ${url}`;
  const [token = ""] = config.apiTokens;
  return `
imhook ${VERSION} sandbox: receives Tencent Chat callbacks and keeps them in ${config.kv}

  Console          ${origin}/console#token=${token}
  Callback URL     ${url}
  App              ${SANDBOX_APP.id}, token "${SANDBOX_APP.token}"

  Now, in a second shell, send a callback as Tencent would:
    ${triggerCommand()}${to}
  and look at what is kept:
    curl -H "Authorization: Bearer ${token}" ${origin}/v1/events
`;
}

/** How a person runs `trigger` from where they started this. */
export function triggerCommand(): string {
  return Deno.build.standalone
    ? `${Deno.execPath()} trigger`
    : "npx -y deno@2.9.6 task trigger";
}
