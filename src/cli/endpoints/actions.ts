import * as v from "valibot";
import type { Client } from "../client/client.ts";
import { listItems } from "../client/pages.ts";
import { UsageError } from "../terminal/flags.ts";
import { printable } from "../terminal/printable.ts";
import { endpointBody, type EndpointFlags } from "./flags.ts";
import {
  attemptLine,
  AttemptSchema,
  deadLetterLine,
  DeadLettersSchema,
  detailLines,
  endpointLine,
  EndpointSchema,
  troubleLines,
} from "./text.ts";

const DELETE = { method: "DELETE" } as const;

/** One action on one endpoint. */
export interface EndpointTask {
  readonly client: Client;
  /** The id; for `add` the URL. */
  readonly word: string;
  readonly flags: EndpointFlags & {
    readonly from?: string | undefined;
    readonly to?: string | undefined;
    readonly since?: string | undefined;
    readonly seq?: string | undefined;
    readonly overlap?: string | undefined;
    readonly cause?: string | undefined;
    readonly all?: boolean | undefined;
    readonly limit?: string | undefined;
  };
}

/** The result of an action: items as JSON and as text, and remarks for the person. */
export interface Shown {
  readonly items: readonly { readonly json: unknown; readonly text: string }[];
  readonly talk?: readonly string[];
}

type Action = (task: EndpointTask) => Promise<Shown>;

/** Actions that only read. */
export const READS: Readonly<Record<string, Action>> = {
  list: async ({ client }) => {
    const found = await Array.fromAsync(listItems(client, "/v1/endpoints"));
    const endpoints = v.parse(v.array(EndpointSchema), found);
    const talk = endpoints.length === 0 ? ["There is no endpoint"] : [];
    return { items: endpoints.map(shownOf), talk };
  },
  show: async ({ client, word }) => {
    const endpoint = v.parse(EndpointSchema, await client.json(pathOf(word)));
    const { json, text } = shownOf(endpoint);
    return { items: [{ json, text: [text, ...detailLines(json)].join("\n") }] };
  },
  attempts: async ({ client, word, flags: { limit } }) => {
    const Page = v.object({ items: v.array(AttemptSchema) });
    const path = `${pathOf(word)}/attempts`;
    const answer = await client.json(path, { query: { limit } });
    const { items } = v.parse(Page, answer);
    const shown = items.map((json) => ({ json, text: attemptLine(json) }));
    return { items: shown };
  },
  "dead-letters": async ({ client, word, flags: { limit, cause } }) => {
    const answer = await client.json(`${pathOf(word)}/dead-letters`, {
      query: { limit, cause },
    });
    const { items, causes } = v.parse(DeadLettersSchema, answer);
    const shown = items.map((json) => ({ json, text: deadLetterLine(json) }));
    const counts = Object.entries(causes).map(([name, n]) => `${n} ${name}`);
    const talk = counts.length === 0 ? [] : [printable(counts.join(", "))];
    return { items: shown, talk };
  },
};

/** Actions that change something. */
export const CHANGES: Readonly<Record<string, Action>> = {
  add: async ({ client, word, flags }) => {
    const body = { ...endpointBody(flags), url: word };
    return one(await post(client, "/v1/endpoints", body));
  },
  edit: async ({ client, word, flags }) => {
    const body = endpointBody(flags);
    if ("start" in body) {
      throw new UsageError("--start: only add takes it; replay sends again");
    }
    if (Object.keys(body).length === 0) throw new UsageError("Nothing to edit");
    return one(
      await send(client, { path: pathOf(word), method: "PATCH", body }),
    );
  },
  pause: async ({ client, word }) =>
    one(await post(client, `${pathOf(word)}/pause`)),
  resume: async ({ client, word }) =>
    one(await post(client, `${pathOf(word)}/resume`)),
  remove: async ({ client, word }) => {
    await client.text(pathOf(word), DELETE);
    return { items: [] };
  },
  test: async ({ client, word }) => {
    const json = await post(client, `${pathOf(word)}/test`);
    return { items: [{ json, text: JSON.stringify(json, null, 2) }] };
  },
  rotate: async ({ client, word, flags: { overlap } }) => {
    const body = overlap === undefined
      ? {}
      : { overlapSeconds: Number(overlap) };
    const json = await post(client, `${pathOf(word)}/secret`, body);
    const { secret, previousExpiresAt: until } = v.parse(Secret, json);
    const talk = until === undefined
      ? []
      : [`The secret before signs as well until ${until}`];
    return { items: [{ json, text: secret }], talk };
  },
  replay: async ({ client, word, flags: { from, to, since } }) => {
    if ((from === undefined) === (since === undefined)) {
      throw new UsageError("replay: expected --from N or --since TIME");
    }
    const body = since === undefined ? { from, to } : { since, to };
    return one(await post(client, `${pathOf(word)}/replay`, body));
  },
  redeliver: async ({ client, word, flags: { seq } }) => {
    if (seq === undefined) throw new UsageError("--seq: is missing");
    return one(await post(client, `${pathOf(word)}/redeliver`, { seq }));
  },
  skip: async ({ client, word, flags: { seq } }) => {
    return one(await post(client, `${pathOf(word)}/skip`, { seq }));
  },
  discard: async ({ client, word, flags: { seq, all = false, cause } }) => {
    if (all === (seq !== undefined)) {
      throw new UsageError("discard: expected --seq N or --all");
    }
    const path = `${pathOf(word)}/dead-letters`;
    if (seq !== undefined) {
      await client.text(`${path}/${encodeURIComponent(seq)}`, DELETE);
      return { items: [] };
    }
    const json = await client.json(path, { ...DELETE, query: { cause } });
    const { deleted } = v.parse(v.object({ deleted: v.number() }), json);
    return { items: [], talk: [`${deleted} dead letters are discarded`] };
  },
};

const Secret = v.object({
  secret: v.string(),
  previousExpiresAt: v.optional(v.string()),
});

/** A body alone is what most actions send. */
function post(
  client: Client,
  path: string,
  body: Readonly<Record<string, unknown>> = {},
): Promise<unknown> {
  return send(client, { path, method: "POST", body });
}

function send(
  client: Client,
  { path, method, body }: {
    readonly path: string;
    readonly method: "POST" | "PATCH";
    readonly body: unknown;
  },
): Promise<unknown> {
  return client.json(path, {
    method,
    body: JSON.stringify(body),
    contentType: "application/json",
  });
}

function pathOf(id: string): string {
  return `/v1/endpoints/${encodeURIComponent(id)}`;
}

function one(json: unknown): Shown {
  const endpoint = v.parse(EndpointSchema, json);
  const { secret, warnings = [] } = endpoint;
  const talk = warnings.map((text) => printable(text));
  if (secret !== undefined) talk.push(`Its secret, shown only now: ${secret}`);
  return { items: [shownOf(endpoint)], talk };
}

function shownOf(endpoint: v.InferOutput<typeof EndpointSchema>) {
  const lines = [endpointLine(endpoint), ...troubleLines(endpoint)];
  return { json: endpoint, text: lines.join("\n") };
}
