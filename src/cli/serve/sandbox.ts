import { dirname } from "@std/path";
import { VERSION } from "../../base/version.ts";
import { type Config, SANDBOX_APP } from "../../config/config.ts";
import { isFile } from "../../store/file/path.ts";
import { triggerCommand } from "../terminal/commands.ts";

/** The address that `trigger` uses by itself. */
const DEFAULT_ORIGIN = "http://127.0.0.1:8080";

/** Address and token for the banner. */
export interface BannerOptions {
  readonly hostname: string;
  readonly port: number;
  /** The API token, where the sandbox made it: one that a person has set is not printed. */
  readonly madeToken: string | undefined;
}

const TOKEN_REGEXP = /^[0-9a-f]{32}$/;

/**
 * The API token of the sandbox whose store is here: made once and kept in a file beside the store,
 * so that a restart logs nobody out.
 */
export function keepSandboxToken(kv: string): string {
  const token = crypto.getRandomValues(new Uint8Array(16)).toHex();
  if (!isFile(kv)) return token;
  const path = `${kv}.token`;
  const kept = readText(path).trim();
  if (TOKEN_REGEXP.test(kept)) return kept;
  Deno.mkdirSync(dirname(path), { recursive: true });
  // A new file, so that neither a link nor the rights of an old one stay.
  const made = `${path}.${crypto.randomUUID()}`;
  Deno.writeTextFileSync(made, `${token}\n`, { mode: 0o600, createNew: true });
  Deno.renameSync(made, path);
  return token;
}

function readText(path: string): string {
  try {
    return Deno.readTextFileSync(path);
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return "";
    throw error;
  }
}

/** The text that the sandbox prints at start: link, callback URL, and commands to try. */
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
