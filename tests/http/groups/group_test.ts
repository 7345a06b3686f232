import { assert, assertEquals } from "@std/assert";
import { APP, CREATED, NOW_MS } from "../../support/ingest/callback_fixture.ts";
import { assertProblem } from "../../support/http/api_fixture.ts";
import {
  type GroupsApi,
  openGroups,
} from "../../support/http/directory_fixture.ts";

const ODD_ID = '@TGS#_a/b c?d%2F&=+"<>\\😀';
const ODD_PATH = `/v1/groups/${APP.id}/${encodeURIComponent(ODD_ID)}`;
const PATH = `/v1/groups/${APP.id}/g1`;

const MEMBERS = ["u1", "u2", "u3", "u4", "u5", "v"];

/** An application that knows of two groups: g1 with members and two topics, and one of an odd ID. */
async function openGroup(): Promise<GroupsApi> {
  const api = await openGroups();
  await api.tell(CREATED, {
    GroupId: "g1",
    Type: "Community",
    MemberList: MEMBERS.map((id) => ({ Member_Account: id })),
  });
  for (const TopicId of ["t1", "t2"]) {
    const topic = { GroupId: "g1", TopicId, Name: TopicId };
    await api.tell("Group.CallbackAfterCreateTopic", topic);
  }
  await api.tell(CREATED, { GroupId: ODD_ID, Owner_Account: "x" });
  return api;
}

/** The ETag of g1. */
async function etagOf(api: GroupsApi): Promise<string> {
  const response = await api.get(PATH);
  await response.body?.cancel();
  return response.headers.get("etag") ?? "";
}

Deno.test("GET /v1/groups/… gives the group with its ETag", async () => {
  await using api = await openGroup();
  const response = await api.get(PATH);
  const time = new Date(NOW_MS).toISOString();

  assert(/^"[^"]+"$/.test(response.headers.get("etag") ?? ""));
  assertEquals(await response.json(), {
    sdkAppId: APP.id,
    groupId: "g1",
    type: "Community",
    customFields: {},
    attributes: {},
    knownMembers: 6,
    membersComplete: true,
    state: "active",
    createdAt: time,
    changedAt: time,
    source: "callback",
    life: 1,
  });
});

Deno.test("GET /v1/groups/… finds a group by any printable ID", async () => {
  await using api = await openGroup();

  assertEquals((await (await api.get(ODD_PATH)).json()).groupId, ODD_ID);
  const { items: members } = await (await api.get(`${ODD_PATH}/members`))
    .json();
  assertEquals(
    members.map(({ userId, role }: { userId: string; role: string }) =>
      `${userId} ${role}`
    ),
    ["x Owner"],
  );
  assertEquals((await api.get(`${ODD_PATH}/events`)).status, 200);
});

Deno.test.each([
  ["TAG", 304],
  ["W/TAG", 304],
  ['"v1", TAG', 304],
  ["*", 304],
  ['"v8"', 200],
  ["v7", 200],
  ["", 200],
])("GET /v1/groups/… with If-None-Match %s is a %s", async (tags, status) => {
  await using api = await openGroup();
  const etag = await etagOf(api);
  const headers = { "if-none-match": tags.replace("TAG", etag) };
  const response = await api.get(PATH, { headers });
  const text = await response.text();

  assertEquals([response.status, text === ""], [status, status === 304]);
  assertEquals(response.headers.get("etag"), etag);
});

Deno.test.each(["", "/members", "/topics", "/events"])(
  "GET /v1/groups/…%s is a 404 where no callback told of the group",
  async (part) => {
    await using api = await openGroup();
    for (const path of [`/v1/groups/${APP.id}/g2`, "/v1/groups/9/g1"]) {
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

  await assertProblem(await api.get(`/v1/groups/${APP.id}/%ff`), 400);
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

  assertEquals(
    [...first.items, ...rest.items].map(({ topicId, name, customFields }) => [
      topicId,
      name,
      customFields,
    ]),
    [["t1", "t1", {}], ["t2", "t2", {}]],
  );
  assertEquals([first.items.length, rest.next], [1, undefined]);
});
