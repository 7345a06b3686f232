import { readSecret } from "../config/secrets.ts";
import { UsageError } from "./terminal/flags.ts";
import type { Io } from "./terminal/io.ts";

/** The flag that every command has which talks to a server. */
export const CLIENT_SPECS = {
  url: { type: "string" },
} as const;

/** What the help says of that flag. */
export const URL_HELP =
  "  --url URL          The server (default IMHOOK_URL, else http://127.0.0.1:8080)";

/** What the help of a command says that only reads. */
export const READ_TOKEN_HELP = `Environment:
  IMHOOK_API_TOKEN        Token of the server's API; or IMHOOK_API_TOKEN_FILE, a
                          file that holds it
  IMHOOK_API_TOKEN_READ   The one that may only read; it is enough here`;

/** What the help of a command says that changes something. */
export const TOKEN_HELP = `Environment:
  IMHOOK_API_TOKEN        Token of the server's API; or IMHOOK_API_TOKEN_FILE, a
                          file that holds it`;

const DEFAULT_URL = "http://127.0.0.1:8080";

/**
 * The server's address, without a slash at its end: from the flag, else from the environment.
 *
 * @throws {UsageError} when it is none
 */
export function readBase(flag: string | undefined, env: Io["env"]): string {
  const text = flag ?? (env.IMHOOK_URL || DEFAULT_URL);
  const url = URL.parse(text);
  const isHttp = url?.protocol === "http:" || url?.protocol === "https:";
  if (url === null || !isHttp || /[?#]/.test(text) || url.username !== "") {
    throw new UsageError(
      `${
        flag === undefined ? "IMHOOK_URL" : "--url"
      }: expected one like http://127.0.0.1:8080, without query or user`,
    );
  }
  return url.href.replace(/\/+$/, "");
}

/**
 * The token of the server's API from the environment.
 *
 * @throws {UsageError} when there is none
 */
export function readApiToken(env: Io["env"], mayOnlyRead: boolean): string {
  const problems: string[] = [];
  const sources = { env, readFile: Deno.readTextFileSync };
  const names = ["IMHOOK_API_TOKEN"];
  if (mayOnlyRead) names.push("IMHOOK_API_TOKEN_READ");
  const tokens = names.map((name) => readSecret(name, sources, problems));
  if (problems.length > 0) throw new UsageError(problems.join("\n"));
  const token = tokens.find((found) => found !== undefined && found !== "");
  if (token !== undefined) return token;
  throw new UsageError(
    `${
      names.join(" or ")
    }: none is set; expected the token of the server's API`,
  );
}
