import { assert, assertEquals } from "@std/assert";
import { APP, CREATED, NOW_MS } from "../../support/ingest/callback_fixture.ts";
import { type Api, assertProblem } from "../../support/http/api_fixture.ts";
import {
  type GroupsApi,
  openGroups,
} from "../../support/http/directory_fixture.ts";

/** Groups g1 … g5, newest first; u is in all of them, and g2 is disbanded. */
async function openFive(): Promise<GroupsApi> {
  const api = await openGroups();
  for (let n = 5; n >= 1; n--) {
    await api.tell(CREATED, {
      GroupId: `g${n}`,
      EventTime: NOW_MS - 1_000 * n,
      MemberList: [{ Member_Account: "u" }],
    });
  }
  await api.tell("Group.CallbackAfterGroupDestroyed", { GroupId: "g2" });
  return api;
}

/** The IDs on a page, and where it goes on. */
async function pageOf(api: Api, path: string) {
  const response = await api.get(path);
  assertEquals(response.status, 200);
  const { items: groups, next, through } = await response.json();
  assert(/^\d+$/.test(through), through);
  const ids = groups.map(({ groupId }: { groupId: string }) => groupId);
  return { ids: ids.join(" "), next };
}

Deno.test("GET /v1/groups gives an empty page of an empty directory", async () => {
  await using api = await openGroups();

  assertEquals(await pageOf(api, "/v1/groups"), { ids: "", next: undefined });
});

Deno.test("GET /v1/groups gives pages until there is no next", async () => {
  await using api = await openFive();
  const pages: string[] = [];
  for (let next: string | undefined = "";;) {
    const cursor: string = next === "" ? "" : `&cursor=${next}`;
    const page = await pageOf(api, `/v1/groups?limit=2${cursor}`);
    pages.push(page.ids);
    if ((next = page.next) === undefined) break;
  }

  assertEquals(pages, ["g1 g2", "g3 g4", "g5"]);
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
  ["state", `/v1/users/${APP.id}/u/groups?state=gone`],
  ["cursor", `/v1/users/${APP.id}/u/groups?cursor=x`],
])("a list of groups names the parameter %s of %s", async (name, path) => {
  await using api = await openFive();
  const { parameter, detail } = await assertProblem(await api.get(path), 400);

  assertEquals(parameter, name);
  assert(String(detail).startsWith(`${name}: `));
});

Deno.test("GET /v1/groups says which states there are", async () => {
  await using api = await openFive();
  const response = await api.get("/v1/groups?state=gone");

  assertEquals(
    (await assertProblem(response, 400)).detail,
    "state: expected partial, active or disbanded",
  );
});

Deno.test("GET /v1/users/…/groups leaves out what is disbanded unless it is asked for", async () => {
  await using api = await openFive();
  const path = `/v1/users/${APP.id}/u/groups`;

  assertEquals((await pageOf(api, path)).ids, "g1 g3 g4 g5");
  assertEquals((await pageOf(api, `${path}?state=disbanded`)).ids, "g2");
  assertEquals((await pageOf(api, `/v1/users/${APP.id}/v/groups`)).ids, "");
});

Deno.test("GET /v1/users/…/groups gives pages until there is no next", async () => {
  await using api = await openFive();
  const path = `/v1/users/${APP.id}/u/groups?limit=3`;
  const first = await pageOf(api, path);

  assertEquals(first.ids, "g1 g3 g4");
  assertEquals(await pageOf(api, `${path}&cursor=${first.next}`), {
    ids: "g5",
    next: undefined,
  });
});
