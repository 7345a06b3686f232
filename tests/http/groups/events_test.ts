import { assertEquals } from "@std/assert";
import { project } from "../../support/directory/projection_fixture.ts";
import {
  APP,
  CREATED_BODY,
  NOW_MS,
} from "../../support/ingest/callback_fixture.ts";
import type { Api } from "../../support/http/api_fixture.ts";
import { openGroups } from "../../support/http/directory_fixture.ts";

const PATH = `/v1/groups/${APP.id}/g1/events`;

/** An application whose journal has these bodies, all of them in the timeline of g1. */
async function openTimeline(bodies: readonly string[]): Promise<Api> {
  const api = await openGroups();
  for (const body of bodies) assertEquals(await api.post(body), 0);
  await project(api.store);
  return api;
}

/** Bodies that differ in their number, with so much beside it. */
function bodiesOf(count: number, padding = 0): string[] {
  return Array.from({ length: count }, (_, index) =>
    JSON.stringify({
      ...CREATED_BODY,
      GroupId: "g1",
      EventTime: NOW_MS + index,
      Padding: " ".repeat(padding),
    }));
}

/** The numbers on a page, and where it goes on. */
async function pageOf(api: Api, query: string) {
  const { items: events, next } = await (await api.get(`${PATH}${query}`))
    .json();
  const ids = events.map(({ id }: { id: string }) => id);
  return { ids: ids.join(" "), next };
}

Deno.test.each([
  ["", "5 4 3 2 1", undefined],
  ["?limit=2", "5 4", "4"],
  ["?limit=2&before=4", "3 2", "2"],
  ["?before=2", "1", undefined],
  ["?before=1", "", undefined],
])(
  "GET /v1/groups/…/events%s gives the events %j and next %s",
  async (query, ids, next) => {
    await using api = await openTimeline(bodiesOf(5));

    assertEquals(await pageOf(api, query), { ids, next });
  },
);

Deno.test("GET /v1/groups/…/events gives large numbers as they were sent", async () => {
  const body = `{"GroupId":"g1","EventTime":${NOW_MS},"Id":9007199254740993}`;
  await using api = await openTimeline([body]);
  const text = await (await api.get(PATH)).text();

  assertEquals(text.endsWith(`"data":${body}}]}`), true);
});

Deno.test("GET /v1/groups/…/events leaves out what was pruned", async () => {
  await using api = await openTimeline(bodiesOf(3));
  await api.store.reader.delete(["journal", 1]);

  assertEquals(await pageOf(api, ""), { ids: "3 2", next: undefined });
});

Deno.test("GET /v1/groups/…/events ends a page before it is too large", async () => {
  await using api = await openTimeline(bodiesOf(9, 700_000));
  const first = await pageOf(api, "");

  assertEquals(first, { ids: "9 8 7 6 5", next: "5" });
  assertEquals(await pageOf(api, `?before=${first.next}`), {
    ids: "4 3 2 1",
    next: undefined,
  });
});
