import {
  given,
  numberOf,
  readHeaderFlags,
  SIGNING_HELP,
  SIGNING_SPECS,
  signingBody,
  type SigningFlags,
} from "../client/outbound_flags.ts";

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
  format: { type: "string" },
  concurrency: { type: "string" },
  ...SIGNING_SPECS,
} as const;

/** The help on these flags. */
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
                     (default), or a receive time
  --format F         cloudevents (default), or tencent: the request that Tencent
                     would send; before commands go only where --command names
                     them
  --concurrency N    Most requests at once, 1 to 32 (default 1); with more than
                     one, order is kept per group
${SIGNING_HELP}`;

/** These flags' values. */
export interface EndpointFlags extends SigningFlags {
  readonly format?: string | undefined;
  readonly concurrency?: string | undefined;
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
    headers: flags.header && readHeaderFlags(flags.header),
    timeoutSeconds: timeout === undefined
      ? undefined
      : numberOf("timeout", timeout),
    retrySeconds: retries === undefined ? undefined : retriesOf(retries),
    onExhausted: exhausted,
    start: start && /^\d+$/.test(start) ? Number(start) : start,
    format: flags.format,
    concurrency: flags.concurrency === undefined
      ? undefined
      : numberOf("concurrency", flags.concurrency),
    ...signingBody(flags),
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

function retriesOf(text: string): number[] | null {
  if (text === "default") return null;
  if (text === "none" || text === "") return [];
  return text.split(",").map((part) => numberOf("retries", part.trim()));
}
