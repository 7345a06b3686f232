import type * as v from "valibot";
import type { EndpointSchema } from "./endpoints/text.ts";
import { printable } from "./terminal/printable.ts";

type Endpoint = v.InferOutput<typeof EndpointSchema>;

/** What an endpoint is, a fact a line. */
export function detailLines(endpoint: Endpoint): string[] {
  const { description, headers, timeoutseconds, onexhausted } = endpoint;
  const facts = [
    ["description", description],
    ["wants", wantedText(endpoint.filter)],
    ["headers", headers.join(", ") || "none of its own"],
    ["timeout", `${timeoutseconds} s`],
    ["retries", retriesText(endpoint.retryseconds)],
    ["then", onexhausted === "hold" ? "it is held" : "the event is set aside"],
    ["made", endpoint.createdtime],
    ...endpoint.secrets.map((one) => ["secret", secretText(one)]),
  ];
  return facts.filter(([, text]) => text !== "").map(([name = "", text]) =>
    printable(`  ${name.padEnd(11)}  ${text}`)
  );
}

function wantedText(
  { families, commands, apps, groups }: Endpoint["filter"],
): string {
  const words = [...families.map((family) => `${family}.*`), ...commands];
  const parts = [
    words.join(", "),
    apps.length > 0 && `of the apps ${apps.join(", ")}`,
    groups.length > 0 && `of the groups ${groups.join(", ")}`,
  ].filter((part) => part);
  return parts.length === 0 ? "everything" : parts.join("; ");
}

function retriesText(seconds: Endpoint["retryseconds"]): string {
  if (seconds === undefined) return "the usual ones, over three days";
  return seconds.length === 0 ? "none" : `after up to ${seconds.join(", ")} s`;
}

function secretText(
  { createdtime, expirestime }: Endpoint["secrets"][number],
): string {
  const until = expirestime === undefined ? "" : `, signs until ${expirestime}`;
  return `made ${createdtime}${until}`;
}
