// The actions of `imhook quarantine`.
import * as v from "valibot";
import type { Client } from "../client/client.ts";
import type { Io } from "../terminal/io.ts";
import { printable } from "../terminal/printable.ts";

/** Dependencies of every action on the quarantine. */
export interface QuarantineTask {
  readonly client: Client;
  readonly io: Io;
  readonly isJson: boolean;
  /** Only items with this code. */
  readonly code?: string | undefined;
  /** Only items with this reason or code. */
  readonly reason?: string | undefined;
  /** Only items before this number or time. */
  readonly before?: string | undefined;
  /** Only items of this SDKAppID. */
  readonly app?: string | undefined;
  readonly order?: "oldest" | undefined;
}

const ItemSchema = v.looseObject({
  id: v.string(),
  sdkAppId: v.number(),
  receivedAt: v.string(),
  code: v.number(),
  reason: v.string(),
  query: v.string(),
  size: v.number(),
  raw: v.string(),
});
const PageSchema = v.object({
  items: v.array(ItemSchema),
  next: v.optional(v.string()),
});

const ResultSchema = v.looseObject({
  id: v.string(),
  outcome: v.string(),
  event: v.optional(v.string()),
  reason: v.optional(v.string()),
});
const ResultsSchema = v.object({
  items: v.array(ResultSchema),
  next: v.optional(v.string()),
});

type Item = v.InferOutput<typeof ItemSchema>;
type Result = v.InferOutput<typeof ResultSchema>;

const PAGE_ITEMS = "200";

/** Prints all items. */
export async function printItems(task: QuarantineTask): Promise<number> {
  const { client, io, isJson, code, reason, order, app: sdkAppId } = task;
  const filter = { code, reason, order, sdkAppId, limit: PAGE_ITEMS };
  let count = 0;
  let after: string | undefined;
  do {
    const query = { ...filter, after };
    const answer = await client.json("/v1/quarantine", { query });
    const page: v.InferOutput<typeof PageSchema> = v.parse(PageSchema, answer);
    for (const item of page.items) {
      io.out(isJson ? JSON.stringify(item) : lineOf(item));
    }
    count += page.items.length;
    after = page.next;
  } while (after !== undefined);
  if (count === 0) io.talk("Nothing is set aside");
  return 0;
}

/** Prints one item with its body. */
export async function showItem(
  { client, io, isJson }: QuarantineTask,
  id: string,
): Promise<number> {
  const item = v.parse(ItemSchema, await client.json(`/v1/quarantine/${id}`));
  if (isJson) {
    io.out(JSON.stringify(item));
    return 0;
  }
  const body = new TextDecoder().decode(Uint8Array.fromBase64(item.raw));
  io.out(
    `${lineOf(item)}\nquery  ${printable(item.query)}\nbody   ${
      body.split("\n").map(printable).join("\n")
    }`,
  );
  return 0;
}

/** Looks at one item again. */
export async function revalidateItem(
  { client, io, isJson }: QuarantineTask,
  id: string,
): Promise<number> {
  const path = `/v1/quarantine/${id}/revalidate`;
  const answer = await client.json(path, { method: "POST" });
  const result = v.parse(ResultSchema, answer);
  showResult(result, { io, isJson });
  return result.outcome === "journaled" ? 0 : 1;
}

/** Looks at all items again, or at those with one code. */
export async function revalidateAll(task: QuarantineTask): Promise<number> {
  const { client, io, isJson, code, app } = task;
  let journaled = 0;
  let kept = 0;
  for (let after: string | undefined = "0"; after !== undefined;) {
    const answer = await client.json("/v1/quarantine/revalidate", {
      method: "POST",
      body: JSON.stringify({
        after,
        ...code !== undefined && { code: Number(code) },
        ...app !== undefined && { sdkAppId: Number(app) },
      }),
      contentType: "application/json",
    });
    const page: v.InferOutput<typeof ResultsSchema> = v.parse(
      ResultsSchema,
      answer,
    );
    for (const result of page.items) {
      showResult(result, { io, isJson });
      if (result.outcome === "journaled") journaled++;
      else kept++;
    }
    after = page.next;
  }
  io.talk(`${journaled} are events now; ${kept} stay`);
  return 0;
}

/** Removes one item. */
export async function deleteItem(
  { client, io }: QuarantineTask,
  id: string,
): Promise<number> {
  await client.text(`/v1/quarantine/${id}`, { method: "DELETE" });
  io.talk(`Removed ${id}`);
  return 0;
}

/** Removes every item that the flags name. */
export async function removeSelected(
  { client, io, reason, before, app: sdkAppId }: QuarantineTask,
): Promise<number> {
  const query = { reason, before, sdkAppId };
  const options = { method: "DELETE", query } as const;
  const answer = await client.json("/v1/quarantine", options);
  const { deleted } = v.parse(v.object({ deleted: v.number() }), answer);
  io.talk(`Removed ${deleted}`);
  return 0;
}

function showResult(
  result: Result,
  { io, isJson }: Pick<QuarantineTask, "io" | "isJson">,
): void {
  const { id, outcome, event, reason } = result;
  const text = outcome === "journaled"
    ? `is event ${event} now`
    : `stays: ${reason}`;
  io.out(isJson ? JSON.stringify(result) : printable(`${id}  ${text}`));
}

function lineOf(
  { id, receivedAt, sdkAppId, code, reason, size }: Item,
): string {
  return printable(
    `${
      id.padStart(6)
    }  ${receivedAt}  ${sdkAppId}  ${code}  ${size} B  ${reason}`,
  );
}
