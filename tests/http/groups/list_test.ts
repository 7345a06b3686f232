import { assert, assertEquals } from "@std/assert";
import { directoryRoutes } from "../../../src/http/groups/routes.ts";
import {
  type Api,
  assertProblem,
  openApi,
} from "../../support/http/api_fixture.ts";
import {
  GROUP,
  type GroupEntry,
  type MemoryDirectory,
  memoryDirectory,
} from "../../support/http/directory_fixture.ts";

const APP = GROUP.sdkAppId;

/** Groups g1 … g5, newest first; u is in all of them, and g2 is disbanded. */
const ENTRIES: readonly GroupEntry[] = Array.from(
  { length: 5 },
  (_, index) => ({
    sinceMs: 1_000 - index,
    group: {
      ...GROUP,
      groupId: `g${index + 1}`,
      state: index === 1 ? "disbanded" : "active",
    },
    members: [{ userId: "u", role: "Member" }],
  }),
);

/** An application over a directory in memory. */
async function openGroups(
  entries: readonly GroupEntry[] = ENTRIES,
): Promise<Api & { readonly directory: MemoryDirectory }> {
  const directory = memoryDirectory(entries);
  const rebuild = () => {};
  const api = await openApi({
    routes: ({ store }) => directoryRoutes({ store, directory, rebuild }),
  });
  return { ...api, directory };
}

/** The IDs on a page, and where it goes on. */
async function pageOf(api: Api, path: string) {
  const response = await api.get(path);
  assertEquals(response.status, 200);
  const { items: groups, next, through } = await response.json();
  assertEquals(through, "12");
  const ids = groups.map(({ groupId }: { groupId: string }) => groupId);
  return { ids: ids.join(" "), next };
}

Deno.test("GET /v1/groups gives an empty page of an empty directory", async () => {
  await using api = await openGroups([]);

  assertEquals(await pageOf(api, "/v1/groups"), { ids: "", next: undefined });
});

Deno.test("GET /v1/groups gives pages until there is no next", async () => {
  await using api = await openGroups();
  const pages: string[] = [];
  for (let next: string | undefined = "";;) {
    const cursor: string = next === "" ? "" : `&cursor=${next}`;
    const page = await pageOf(api, `/v1/groups?limit=2${cursor}`);
    pages.push(page.ids);
    if ((next = page.next) === undefined) break;
  }

  assertEquals(pages, ["g1 g2", "g3 g4", "g5"]);
});

Deno.test("GET /v1/groups asks the directory for what the query says", async () => {
  await using api = await openGroups();
  await api.get(
    "/v1/groups?sdkAppId=5&owner=o&member=m&type=Public&name=N%20%26&state=partial" +
      "&createdAfter=2026-11-22T08:00:00Z&createdBefore=2026-11-23T08:00:00Z" +
      "&changedAfter=2026-11-22T09:00:00Z&limit=7",
  );

  assertEquals(api.directory.queries, [{
    app: 5,
    owner: "o",
    member: "m",
    type: "Public",
    name: "N &",
    text: undefined,
    state: "partial",
    createdAfterMs: Date.UTC(2026, 10, 22, 8),
    createdBeforeMs: Date.UTC(2026, 10, 23, 8),
    changedAfterMs: Date.UTC(2026, 10, 22, 9),
    before: undefined,
    limit: 7,
  }]);
});

Deno.test.each([
  ["sdkAppId", "/v1/groups?sdkAppId=x"],
  ["owner", "/v1/groups?owner="],
  ["state", "/v1/groups?state=gone"],
  ["createdAfter", "/v1/groups?createdAfter=yesterday"],
  ["createdBefore", "/v1/groups?createdBefore=2026"],
  ["changedAfter", "/v1/groups?changedAfter=1"],
  ["cursor", "/v1/groups?cursor=x"],
  ["cursor", "/v1/groups?cursor="],
  ["limit", "/v1/groups?limit=1001"],
  ["name", "/v1/groups?name=a&name=b"],
  ["user", "/v1/groups?user=u"],
  ["sdkAppId", "/v1/users/x/u/groups"],
  ["state", `/v1/users/${APP}/u/groups?state=gone`],
  ["cursor", `/v1/users/${APP}/u/groups?cursor=x`],
])("a list of groups names the parameter %s of %s", async (name, path) => {
  await using api = await openGroups();
  const { parameter, detail } = await assertProblem(await api.get(path), 400);

  assertEquals(parameter, name);
  assert(String(detail).startsWith(`${name}: `));
});

Deno.test("GET /v1/groups says which states there are", async () => {
  await using api = await openGroups();
  const response = await api.get("/v1/groups?state=gone");

  assertEquals(
    (await assertProblem(response, 400)).detail,
    "state: expected partial, active or disbanded",
  );
});

Deno.test("GET /v1/users/…/groups leaves out what is disbanded unless it is asked for", async () => {
  await using api = await openGroups();
  const path = `/v1/users/${APP}/u/groups`;

  assertEquals((await pageOf(api, path)).ids, "g1 g3 g4 g5");
  assertEquals((await pageOf(api, `${path}?state=disbanded`)).ids, "g2");
  assertEquals((await pageOf(api, `/v1/users/${APP}/v/groups`)).ids, "");
});

Deno.test("GET /v1/users/…/groups gives pages until there is no next", async () => {
  await using api = await openGroups();
  const path = `/v1/users/${APP}/u/groups?limit=3`;
  const first = await pageOf(api, path);

  assertEquals(first.ids, "g1 g3 g4");
  assertEquals(await pageOf(api, `${path}&cursor=${first.next}`), {
    ids: "g5",
    next: undefined,
  });
});

Deno.test("GET /v1/users/…/groups decodes the user's ID", async () => {
  await using api = await openGroups();
  await api.get(`/v1/users/${APP}/a%2Fb%20%23%F0%9F%98%80/groups`);

  assertEquals(api.directory.queries[0]?.member, "a/b #😀");
});
