import { UsageError } from "../terminal/flags.ts";

/** Flags that say what an endpoint is. */
export const ENDPOINT_SPECS = {
  target: { type: "string" },
  description: { type: "string" },
  command: { type: "string", multiple: true },
  family: { type: "string", multiple: true },
  app: { type: "string", multiple: true },
  group: { type: "string", multiple: true },
  header: { type: "string", multiple: true },
  timeout: { type: "string" },
  retries: { type: "string" },
  exhausted: { type: "string" },
  start: { type: "string" },
} as const;

/** What the help says of them. */
export const ENDPOINT_HELP =
  `  --target URL       Where events are posted to (edit; add takes it as a word)
  --description T    What it is for
  --command C        Only this command; again for several, joined with --family
  --family F         Only commands that begin with F., such as Group; again …
  --app N            Only this SDKAppID; again for several
  --group ID         Only this group; again for several. On edit these four
                     replace the whole filter; --family "" takes it away
  --header "N: V"    Sent with each delivery; "N: @FILE" reads the value from a
                     file. On edit all are replaced; --header "" removes them
  --timeout S        Seconds one delivery may take, 1 to 60 (default 10)
  --retries S,S,…    Seconds before each retry (default 5,300,1800,7200,18000,
                     36000,50400,72000,86400, each drawn between 0 and that);
                     "none" for no retry, "default" on edit goes back
  --exhausted E      After the last retry: hold (default) or dead-letter
  --start P          The event it gets first: a number, "first", "now"
                     (default), or a receive time`;

/** These flags' values. */
export interface EndpointFlags {
  readonly target?: string | undefined;
  readonly description?: string | undefined;
  readonly command?: readonly string[] | undefined;
  readonly family?: readonly string[] | undefined;
  readonly app?: readonly string[] | undefined;
  readonly group?: readonly string[] | undefined;
  readonly header?: readonly string[] | undefined;
  readonly timeout?: string | undefined;
  readonly retries?: string | undefined;
  readonly exhausted?: string | undefined;
  readonly start?: string | undefined;
}

/**
 * The body that these flags ask for; what is not given is left out.
 *
 * @throws {UsageError} naming the flag that is wrong
 */
export function endpointBody(flags: EndpointFlags): Record<string, unknown> {
  const { target, description, timeout, retries, exhausted, start } = flags;
  const filter = filterOf(flags);
  const body = {
    url: target,
    description,
    filter,
    headers: flags.header && headersOf(flags.header),
    timeoutSeconds: timeout === undefined
      ? undefined
      : numberOf("timeout", timeout),
    retrySeconds: retries === undefined ? undefined : retriesOf(retries),
    onExhausted: exhausted,
    start: start && /^\d+$/.test(start) ? Number(start) : start,
  };
  return Object.fromEntries(
    Object.entries(body).filter(([, value]) => value !== undefined),
  );
}

/** On edit, a filter that is given replaces the whole one, be it by nothing. */
function filterOf({ command, family, app, group }: EndpointFlags) {
  if (!command && !family && !app && !group) return undefined;
  return {
    commands: given(command),
    families: given(family),
    sdkAppIds: given(app).map((text) => numberOf("app", text)),
    groupIds: given(group),
  };
}

/** An empty value is how a list is emptied. */
function given(values: readonly string[] = []): string[] {
  return values.filter((value) => value !== "");
}

function headersOf(lines: readonly string[]): Record<string, string> {
  return Object.fromEntries(
    given(lines).map((line) => {
      const [, name = "", value = ""] = /^([^:\s]+):\s*(.*)$/.exec(line) ?? [];
      if (name === "") {
        throw new UsageError('--header: expected one like "Authorization: …"');
      }
      return [name, value.startsWith("@") ? readValue(value.slice(1)) : value];
    }),
  );
}

function readValue(path: string): string {
  try {
    return Deno.readTextFileSync(path).replace(/\r?\n$/, "");
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new UsageError(`--header: cannot read "${path}": ${reason}`);
  }
}

function retriesOf(text: string): number[] | null {
  if (text === "default") return null;
  if (text === "none" || text === "") return [];
  return text.split(",").map((part) => numberOf("retries", part.trim()));
}

function numberOf(flag: string, text: string): number {
  const value = text === "" ? NaN : Number(text);
  if (Number.isFinite(value)) return value;
  throw new UsageError(`--${flag}: expected a number, got "${text}"`);
}
