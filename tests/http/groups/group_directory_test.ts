import { assertEquals, assertStringIncludes } from "@std/assert";
import * as v from "valibot";
import { readGroupStats } from "../../../src/directory/rows/counts.ts";
import {
  GroupPageSchema,
  GroupSchema,
  MemberPageSchema,
  TopicPageSchema,
} from "../../../src/http/groups/schemas.ts";
import {
  APP,
  CREATED,
  NOW_MS,
  UNSIGNED_APP,
} from "../../support/ingest/callback_fixture.ts";
import type { Api } from "../../support/http/api_fixture.ts";
import {
  type GroupsApi,
  openGroups,
} from "../../support/http/directory_fixture.ts";

const HOUR_MS = 3_600_000;
/** Times after the clock of the application would count as its own. */
const START_MS = NOW_MS - 10 * HOUR_MS;
const ODD_ID = '@TGS#_a/b c?d%2F&=+"<>\\😀';
const BASE = `/v1/groups/${APP.id}`;

/** Groups g1 … gN of alice, an hour apart; the last one is the newest. */
async function openFilled(count: number): Promise<GroupsApi> {
  const api = await openGroups();
  for (let n = 1; n <= count; n++) {
    await api.tell(CREATED, {
      GroupId: `g${n}`,
      Owner_Account: "alice",
      Name: n % 2 === 0 ? "Even" : "Odd",
      Type: "Public",
      EventTime: START_MS + n * HOUR_MS,
    });
  }
  return api;
}

/** The page at a path, with the IDs on it as one text. */
async function pageOf(api: Api, path: string) {
  const page = v.parse(GroupPageSchema, await (await api.get(path)).json());
  const ids = page.items.map(({ groupId }) => groupId).join(" ");
  return { ...page, ids };
}

/** A time so many hours after START_MS. */
function hour(n: number): string {
  return new Date(START_MS + n * HOUR_MS).toISOString();
}

Deno.test.each([
  ["", "g4 g3 g2 g1"],
  ["?name=eV", "g4 g2"],
  ["?name=ev%65n", "g4 g2"],
  ["?text=VE", "g4 g2"],
  ["?text=G3", "g3"],
  ["?type=Public", "g4 g3 g2 g1"],
  ["?type=Work", ""],
  ["?owner=alice&limit=1000", "g4 g3 g2 g1"],
  ["?member=alice&name=odd", "g3 g1"],
  ["?member=bob", ""],
  [`?createdAfter=${hour(2)}`, "g4 g3 g2"],
  [`?createdBefore=${hour(2)}`, "g1"],
  [`?createdAfter=${hour(2)}&createdBefore=${hour(4)}`, "g3 g2"],
  [`?createdAfter=${hour(2)}&createdBefore=${hour(2)}`, ""],
  [`?createdAfter=${hour(4)}&createdBefore=${hour(2)}`, ""],
  [`?member=alice&createdAfter=${hour(4)}&createdBefore=${hour(2)}`, ""],
  [`?changedAfter=${hour(3)}`, "g4 g3"],
  ["?state=active", "g4 g3 g2 g1"],
  ["?state=partial", ""],
  ["?state=disbanded", ""],
  [`?sdkAppId=${UNSIGNED_APP.id}`, ""],
])("GET /v1/groups%s of the store gives %j", async (query, ids) => {
  await using api = await openFilled(4);

  assertEquals((await pageOf(api, `/v1/groups${query}`)).ids, ids);
});

Deno.test("GET /v1/groups goes on where it was while groups are added", async () => {
  await using api = await openFilled(4);
  const first = await pageOf(api, "/v1/groups?limit=2");
  await api.tell(CREATED, {
    GroupId: "new",
    EventTime: START_MS + 9 * HOUR_MS,
  });
  await api.tell(CREATED, {
    GroupId: "old",
    EventTime: START_MS + HOUR_MS / 2,
  });
  const rest = await pageOf(api, `/v1/groups?cursor=${first.next}`);

  assertEquals([first.ids, rest.ids], ["g4 g3", "g2 g1 old"]);
  assertEquals([first.reached, rest.reached], [hour(3), undefined]);
  assertEquals([first.through, rest.through], ["4", "6"]);
});

Deno.test("GET /v1/groups with a cursor from before the wanted time is empty", async () => {
  await using api = await openFilled(4);
  const { next } = await pageOf(api, "/v1/groups?limit=3");
  const path = `/v1/groups?createdAfter=${hour(3)}&cursor=${next}`;

  assertEquals(await pageOf(api, path), {
    items: [],
    ids: "",
    through: "4",
  });
});

Deno.test("a group with any printable ID is found with all its parts", async () => {
  await using api = await openGroups();
  await api.tell(CREATED, {
    GroupId: ODD_ID,
    Type: "Community",
    Owner_Account: "a/b #",
    MemberList: [{ Member_Account: "鍵" }],
  });
  await api.tell("Group.CallbackAfterCreateTopic", {
    GroupId: ODD_ID,
    TopicId: `${ODD_ID}@TOPIC#1`,
    Name: "Topic",
  });
  const path = `${BASE}/${encodeURIComponent(ODD_ID)}`;
  const ask = async (part: string) => await (await api.get(path + part)).json();

  assertEquals(v.parse(GroupSchema, await ask("")).groupId, ODD_ID);
  const { items: members } = v.parse(MemberPageSchema, await ask("/members"));
  assertEquals(members.map(({ userId }) => userId), ["a/b #", "鍵"]);
  const { items: topics } = v.parse(TopicPageSchema, await ask("/topics"));
  assertEquals(topics.map(({ name }) => name), ["Topic"]);
  const { items: events } = await ask("/events");
  assertEquals(events.map(({ id }: { id: string }) => id), ["2", "1"]);
  const groups = `/v1/users/${APP.id}/${encodeURIComponent("a/b #")}/groups`;
  assertEquals((await pageOf(api, groups)).ids, ODD_ID);
});

Deno.test("a user's groups leave out what is disbanded, and whom they left", async () => {
  await using api = await openFilled(3);
  const later = { EventTime: START_MS + 9 * HOUR_MS };
  await api.tell("Group.CallbackAfterGroupDestroyed", {
    GroupId: "g1",
    ...later,
  });
  await api.tell("Group.CallbackAfterMemberExit", {
    GroupId: "g2",
    ExitMemberList: [{ Member_Account: "alice" }],
    ...later,
  });
  const path = `/v1/users/${APP.id}/alice/groups`;

  assertEquals((await pageOf(api, path)).ids, "g3");
  assertEquals((await pageOf(api, `${path}?state=disbanded`)).ids, "g1");
});

Deno.test("a room of which Tencent keeps no list has no members, whoever joined before that was known", async () => {
  await using api = await openGroups();
  await api.tell("Group.CallbackAfterNewMemberJoin", {
    GroupId: "room",
    NewMemberList: [{ Member_Account: "v" }],
  });
  await api.tell(CREATED, {
    GroupId: "room",
    Type: "AVChatRoom",
    EventTime: NOW_MS - HOUR_MS,
  });
  const { items: members } = await (await api.get(`${BASE}/room/members`))
    .json();

  assertEquals(members, []);
  assertEquals((await pageOf(api, "/v1/groups?member=v")).ids, "");
  const groups = await pageOf(api, `/v1/users/${APP.id}/v/groups`);
  assertEquals(groups.ids, "");
});

Deno.test("a group's ETag holds until the group changes", async () => {
  await using api = await openFilled(1);
  const etag = async () => {
    const response = await api.get(`${BASE}/g1`);
    await response.body?.cancel();
    return response.headers.get("etag") ?? "";
  };
  const before = await etag();
  await api.tell(CREATED, { GroupId: "other" });
  assertEquals(await etag(), before);
  await api.tell("Group.CallbackAfterGroupInfoChanged", {
    GroupId: "g1",
    GroupName: "New",
    Name: "New",
    EventTime: START_MS + 9 * HOUR_MS,
  });

  assertEquals(await etag() === before, false);
  const headers = { "if-none-match": before };
  assertEquals((await api.get(`${BASE}/g1`, { headers })).status, 200);
});

Deno.test("readGroupStats() counts groups and what happened to them", async () => {
  await using api = await openGroups();
  await api.tell(CREATED, { GroupId: "a", Type: "Work", Owner_Account: "x" });
  await api.tell("Group.CallbackAfterGroupDestroyed", {
    GroupId: "a",
    EventTime: NOW_MS + 1,
  });
  await api.tell(CREATED, { GroupId: "b", EventTime: NOW_MS - 61 * 60_000 });
  const { totals, units } = await readGroupStats(api.store.reader, NOW_MS);
  const { minute, hour, day } = units;

  assertEquals([totals.Work?.disbanded, totals.unknown?.active], [1, 1]);
  assertEquals(
    [minute, hour, day].map((all) => all.map(({ created }) => created)),
    [[1], [1, 1], [2]],
  );
  assertEquals(minute[0]?.disbanded, 1);
});

Deno.test("GET /v1/directory tells how far the store's journal is ahead", async () => {
  await using api = await openFilled(2);
  const status = await (await api.get("/v1/directory")).json();

  assertEquals(status, {
    generation: 1,
    through: "0",
    lag: { events: 2, seconds: 0 },
    unfolded: { total: 0, newest: [] },
  });
});

Deno.test("half a surrogate pair is U+FFFD wherever groups are shown", async () => {
  await using api = await openGroups();
  const half = "\ud83d";
  await api.tell(CREATED, {
    GroupId: "g",
    Name: half,
    Owner_Account: "alice",
    UserDefinedDataList: [{ Key: "k", Value: `${half}\ude00${half}` }],
  });
  await api.tell("Group.CallbackAfterMemberFieldChanged", {
    GroupId: "g",
    Member_Account: "alice",
    NameCard: half,
    EventTime: NOW_MS + 1,
  });
  await api.tell("Group.CallbackAfterCreateTopic", {
    GroupId: "g",
    TopicId: "t",
    Name: half,
  });
  const paths = [
    "/v1/groups",
    `/v1/users/${APP.id}/alice/groups`,
    ...["", "/members", "/topics"].map((part) => `${BASE}/g${part}`),
  ];
  for (const path of paths) {
    const text = await (await api.get(path)).text();

    assertStringIncludes(text, "\\ufffd", path);
    assertEquals(JSON.stringify(JSON.parse(text)).includes("\\ud83d"), false);
  }
});

Deno.test("an ID that no callback can have had is answered as one that none had", async () => {
  await using api = await openFilled(1);
  const long = "x".repeat(3_000);
  const statusOf = async (path: string) => {
    const response = await api.get(path);
    await response.body?.cancel();
    return response.status;
  };

  assertEquals(await statusOf(`${BASE}/${long}`), 404);
  assertEquals(await statusOf(`${BASE}/${long}/members`), 404);
  assertEquals(await statusOf(`${BASE}/g1/members?prefix=${long}`), 200);
  assertEquals((await pageOf(api, `/v1/groups?owner=${long}`)).ids, "");
  assertEquals((await pageOf(api, `/v1/groups?member=${long}`)).ids, "");
});

Deno.test("the status tells of what the directory could not take", async () => {
  await using api = await openGroups();
  await api.tell(CREATED, { GroupId: "x".repeat(600) });
  await api.tell(CREATED, { GroupId: "g", Name: "n".repeat(3_000) });
  const { unfolded } = await (await api.get("/v1/directory")).json();

  assertEquals(unfolded, {
    total: 2,
    newest: [
      {
        seq: "2",
        reason: "Name: expected at most 2048 bytes",
        isPart: true,
      },
      {
        seq: "1",
        reason: "GroupId: expected at most 512 bytes",
        isPart: false,
      },
    ],
  });
});
