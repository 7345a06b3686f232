import * as v from "valibot";
import type { Client } from "./client.ts";

const PageSchema = v.looseObject({
  items: v.array(v.unknown()),
  next: v.optional(v.string()),
});

const PAGE_ITEMS = "200";

/** Reads a list to its end, page by page. */
export async function* listItems(
  client: Client,
  path: string,
  query: Readonly<Record<string, string | undefined>> = {},
): AsyncGenerator<unknown> {
  let cursor: string | undefined;
  do {
    const answer = await client.json(path, {
      query: { limit: PAGE_ITEMS, ...query, cursor },
    });
    const page = v.parse(PageSchema, answer);
    yield* page.items;
    cursor = page.next;
  } while (cursor !== undefined);
}
