import { assert, assertEquals } from "@std/assert";
import { directoryRoutes } from "../../../src/http/groups/routes.ts";
import {
  type Api,
  assertProblem,
  openApi,
} from "../../support/http/api_fixture.ts";
import {
  GROUP,
  memoryDirectory,
} from "../../support/http/directory_fixture.ts";

const APP = GROUP.sdkAppId;
const ODD_ID = '@TGS#_a/b c?d%2F&=+"<>\\😀';
const ODD_PATH = `/v1/groups/${APP}/${encodeURIComponent(ODD_ID)}`;
const PATH = `/v1/groups/${APP}/g1`;

/** Members u1 … u5, and v. */
const MEMBERS = ["u1", "u2", "u3", "u4", "u5", "v"].map((userId) => ({
  userId,
  role: "Member",
}));
const TOPICS = ["t1", "t2"].map((topicId) => ({ topicId, customFields: {} }));

/** An application that knows of two groups. */
async function openGroup(): Promise<Api> {
  const odd = { ...GROUP, groupId: ODD_ID, name: "Odd" };
  const directory = memoryDirectory([
    { sinceMs: 7, group: GROUP, members: MEMBERS, topics: TOPICS },
    { sinceMs: 8, group: odd, members: [{ userId: "x", role: "Owner" }] },
  ]);
  const rebuild = () => {};
  return await openApi({
    routes: ({ store }) => directoryRoutes({ store, directory, rebuild }),
  });
}

Deno.test("GET /v1/groups/… gives the group with its ETag", async () => {
  await using api = await openGroup();
  const response = await api.get(PATH);

  assertEquals(response.headers.get("etag"), '"v7"');
  assertEquals(await response.json(), GROUP);
});

Deno.test("GET /v1/groups/… finds a group by any printable ID", async () => {
  await using api = await openGroup();

  assertEquals((await (await api.get(ODD_PATH)).json()).groupId, ODD_ID);
  const { items: members } = await (await api.get(`${ODD_PATH}/members`))
    .json();
  assertEquals(members, [{ userId: "x", role: "Owner" }]);
  assertEquals((await api.get(`${ODD_PATH}/events`)).status, 200);
});

Deno.test.each([
  ['"v7"', 304],
  ['W/"v7"', 304],
  ['"v1", "v7"', 304],
  ["*", 304],
  ['"v8"', 200],
  ["v7", 200],
  ["", 200],
])("GET /v1/groups/… with If-None-Match %s is a %s", async (tag, status) => {
  await using api = await openGroup();
  const response = await api.get(PATH, { headers: { "if-none-match": tag } });
  const text = await response.text();

  assertEquals([response.status, text === ""], [status, status === 304]);
  assertEquals(response.headers.get("etag"), '"v7"');
});

Deno.test.each(["", "/members", "/topics", "/events"])(
  "GET /v1/groups/…%s is a 404 where no callback told of the group",
  async (part) => {
    await using api = await openGroup();
    for (const path of [`/v1/groups/${APP}/g2`, "/v1/groups/9/g1"]) {
      const problem = await assertProblem(await api.get(path + part), 404);
      assert(String(problem.detail).startsWith("No callback of app "));
    }
  },
);

Deno.test.each([
  ["sdkAppId", "/v1/groups/0/g1"],
  ["sdkAppId", "/v1/groups/x/g1/members"],
  ["limit", `${PATH}/members?limit=0`],
  ["cursor", `${PATH}/members?cursor=u1`],
  ["prefix", `${PATH}/members?prefix=`],
  ["cursor", `${PATH}/topics?cursor=t1`],
  ["prefix", `${PATH}/topics?prefix=t`],
  ["before", `${PATH}/events?before=0`],
  ["limit", `${PATH}/events?limit=201`],
])("a group's route names the parameter %s of %s", async (name, path) => {
  await using api = await openGroup();
  const { parameter } = await assertProblem(await api.get(path), 400);

  assertEquals(parameter, name);
});

Deno.test("GET /v1/groups/… refuses what is no percent-encoded UTF-8", async () => {
  await using api = await openGroup();

  await assertProblem(await api.get(`/v1/groups/${APP}/%ff`), 400);
});

Deno.test("GET /v1/groups/…/members gives pages until there is no next", async () => {
  await using api = await openGroup();
  const pages: string[] = [];
  for (let after = "";;) {
    const path = `${PATH}/members?limit=2&prefix=u${after}`;
    const { items: members, next } = await (await api.get(path)).json();
    pages.push(
      members.map(({ userId }: { userId: string }) => userId).join(" "),
    );
    if (next === undefined) break;
    after = `&cursor=${next}`;
  }

  assertEquals(pages, ["u1 u2", "u3 u4", "u5"]);
});

Deno.test("GET /v1/groups/…/topics gives pages until there is no next", async () => {
  await using api = await openGroup();
  const first = await (await api.get(`${PATH}/topics?limit=1`)).json();
  const rest = await (await api.get(`${PATH}/topics?cursor=${first.next}`))
    .json();

  assertEquals([first.items, rest], [[TOPICS[0]], { items: [TOPICS[1]] }]);
});
