import * as v from "valibot";
import { printable } from "../terminal/printable.ts";
import { countText, lagText } from "../terminal/words.ts";

/** An endpoint as the server shows it, as far as it is printed. */
export const EndpointSchema = v.looseObject({
  id: v.string(),
  url: v.string(),
  description: v.string(),
  filter: v.object({
    commands: v.array(v.string()),
    families: v.array(v.string()),
    sdkAppIds: v.array(v.number()),
    groupIds: v.array(v.string()),
  }),
  headers: v.array(v.string()),
  timeoutSeconds: v.number(),
  retrySeconds: v.optional(v.array(v.number())),
  onExhausted: v.string(),
  format: v.string(),
  hasToken: v.boolean(),
  signWithAppToken: v.boolean(),
  concurrency: v.number(),
  createdAt: v.string(),
  state: v.string(),
  cursor: v.string(),
  reason: v.optional(v.string()),
  nextAttemptAt: v.optional(v.string()),
  lag: v.object({ events: v.number(), seconds: v.number() }),
  failing: v.optional(v.object({
    event: v.string(),
    attempts: v.number(),
    cause: v.string(),
  })),
  replays: v.array(v.object({ next: v.string(), to: v.string() })),
  secrets: v.array(v.object({
    createdAt: v.string(),
    expiresAt: v.optional(v.string()),
  })),
  secret: v.optional(v.string()),
  warnings: v.optional(v.array(v.string())),
});

/** An attempt, as far as it is printed. */
export const AttemptSchema = v.looseObject({
  id: v.string(),
  outcome: v.string(),
  event: v.string(),
  through: v.string(),
  count: v.number(),
  time: v.string(),
  durationMs: v.number(),
  status: v.optional(v.number()),
  error: v.optional(v.string()),
  answer: v.optional(v.string()),
});

/** An event that was set aside. */
const DeadLetterSchema = v.looseObject({
  event: v.string(),
  time: v.string(),
  cause: v.string(),
  attempts: v.number(),
});

/** A page of them, and how many there are of each cause. */
export const DeadLettersSchema = v.object({
  items: v.array(DeadLetterSchema),
  causes: v.record(v.string(), v.number()),
});

/** One line of a list. */
export function endpointLine(
  { id, url, state, cursor, lag }: v.InferOutput<typeof EndpointSchema>,
): string {
  return printable(
    `${id}  ${state.padEnd(8)}  at ${cursor}, ${lagText(lag)}  ${url}`,
  );
}

/** The trouble of an endpoint, if there is any, a line each. */
export function troubleLines(
  { reason, failing, replays, nextAttemptAt: next }: v.InferOutput<
    typeof EndpointSchema
  >,
): string[] {
  const lines: string[] = [];
  if (reason !== undefined) lines.push(`  ${reason}`);
  if (failing !== undefined && reason === undefined) {
    const { event, attempts, cause } = failing;
    lines.push(
      `  event ${event} has failed ${countText(attempts, "time")}: ${cause}`,
    );
  }
  if (next !== undefined) lines.push(`  next attempt at ${next}`);
  for (const { next, to } of replays) {
    lines.push(`  sends ${next} to ${to} again`);
  }
  return lines.map(printable);
}

/** One attempt. */
export function attemptLine(
  attempt: v.InferOutput<typeof AttemptSchema>,
): string {
  const { event, through, count, time, outcome, status, error } = attempt;
  const what = count === 1 ? `event ${event}` : `events ${event} to ${through}`;
  const answer = attempt.answer ? ` «${attempt.answer.slice(0, 80)}»` : "";
  const why = error === undefined ? "" : `: ${error}${answer}`;
  return printable(
    `${time}  ${outcome.padEnd(9)}  ${status ?? "---"}  ${
      Math.round(attempt.durationMs)
    } ms  ${what}${why}`,
  );
}

/** One dead letter. */
export function deadLetterLine(
  { event, time, cause, attempts }: v.InferOutput<typeof DeadLetterSchema>,
): string {
  return printable(
    `${event.padStart(8)}  ${time}  ${cause} (${
      countText(attempts, "attempt")
    })`,
  );
}

type Endpoint = v.InferOutput<typeof EndpointSchema>;

/** The settings of an endpoint, a fact a line. */
export function detailLines(endpoint: Endpoint): string[] {
  const { description, headers, timeoutSeconds, onExhausted } = endpoint;
  const facts = [
    ["description", description],
    ["wants", wantedText(endpoint.filter)],
    ["format", formatText(endpoint)],
    ["at once", endpoint.concurrency === 1 ? "" : `${endpoint.concurrency}`],
    ["headers", headers.join(", ") || "none of its own"],
    ["timeout", `${timeoutSeconds} s`],
    ["retries", retriesText(endpoint.retrySeconds)],
    ["then", onExhausted === "hold" ? "it is held" : "the event is set aside"],
    ["made", endpoint.createdAt],
    ...endpoint.secrets.map((one) => ["secret", secretText(one)]),
  ];
  return facts.filter(([, text]) => text !== "").map(([name = "", text]) =>
    printable(`  ${name.padEnd(11)}  ${text}`)
  );
}

function formatText(
  { format, hasToken, signWithAppToken }: Endpoint,
): string {
  if (format !== "tencent") return "";
  const app = signWithAppToken ? "the app's own token" : "nothing";
  return `Tencent's, signed with ${hasToken ? "a token of its own" : app}`;
}

function wantedText(
  { families, commands, sdkAppIds, groupIds }: Endpoint["filter"],
): string {
  const words = [...families.map((family) => `${family}.*`), ...commands];
  const parts = [
    words.join(", "),
    sdkAppIds.length > 0 && `of the apps ${sdkAppIds.join(", ")}`,
    groupIds.length > 0 && `of the groups ${groupIds.join(", ")}`,
  ].filter((part) => part);
  return parts.length === 0 ? "everything" : parts.join("; ");
}

function retriesText(seconds: Endpoint["retrySeconds"]): string {
  if (seconds === undefined) return "the usual ones, over three days";
  return seconds.length === 0 ? "none" : `after up to ${seconds.join(", ")} s`;
}

function secretText(
  { createdAt, expiresAt }: Endpoint["secrets"][number],
): string {
  const until = expiresAt === undefined ? "" : `, signs until ${expiresAt}`;
  return `made ${createdAt}${until}`;
}
