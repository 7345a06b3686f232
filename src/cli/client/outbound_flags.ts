import { UsageError } from "../terminal/flags.ts";

/** The entries of a repeated flag; an empty one is how a list is emptied. */
export function given(values: readonly string[] = []): string[] {
  return values.filter((value) => value !== "");
}

/**
 * Headers from lines like "Name: value"; "@FILE" as a value reads it from a file.
 *
 * @throws {UsageError} when a line has no name, or its file cannot be read
 */
export function readHeaderFlags(
  lines: readonly string[],
): Record<string, string> {
  return Object.fromEntries(
    given(lines).map((line) => {
      const [, name = "", value = ""] = /^([^:\s]+):\s*(.*)$/.exec(line) ?? [];
      if (name === "") {
        throw new UsageError('--header: expected one like "Authorization: …"');
      }
      const path = value.startsWith("@") ? value.slice(1) : undefined;
      return [name, path === undefined ? value : readValue("header", path)];
    }),
  );
}

/**
 * A secret from a file, without its last line break: flags would show it to every process.
 *
 * @throws {UsageError} when the file cannot be read
 */
export function readValue(flag: string, path: string): string {
  try {
    return Deno.readTextFileSync(path).replace(/\r?\n$/, "");
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new UsageError(`--${flag}: cannot read "${path}": ${reason}`);
  }
}

/**
 * A number from a flag.
 *
 * @throws {UsageError} when it is none
 */
export function numberOf(flag: string, text: string): number {
  const value = text === "" ? NaN : Number(text);
  if (Number.isFinite(value)) return value;
  throw new UsageError(`--${flag}: expected a number, got "${text}"`);
}

/** Flags that say whose token signs requests in Tencent's format. */
export const SIGNING_SPECS = {
  "token-file": { type: "string" },
  "sign-with-app-token": { type: "boolean" },
  "no-sign-with-app-token": { type: "boolean" },
} as const;

/** The values of these flags. */
export interface SigningFlags {
  readonly "token-file"?: string | undefined;
  readonly "sign-with-app-token"?: boolean | undefined;
  readonly "no-sign-with-app-token"?: boolean | undefined;
}

/** The help on these flags. */
export const SIGNING_HELP =
  `  --token-file F     Sign with the callback token in this file; "" takes it away
  --sign-with-app-token
                     Sign with the app's own token. A Sign is good for any body
                     for 60 s: whoever gets it could forge callbacks here
  --no-sign-with-app-token
                     No longer sign with it (edit)`;

/** The fields that these flags ask for. */
export function signingBody(flags: SigningFlags): Record<string, unknown> {
  const { "token-file": path } = flags;
  const signs = flags["sign-with-app-token"];
  const signsNot = flags["no-sign-with-app-token"];
  if (signs && signsNot) {
    throw new UsageError(
      "--sign-with-app-token, --no-sign-with-app-token: expected one of them",
    );
  }
  const signWithAppToken = signsNot ? false : signs;
  const token = path === "" ? null : path && readValue("token-file", path);
  return { token, signWithAppToken };
}
