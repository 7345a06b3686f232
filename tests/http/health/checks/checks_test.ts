import { ANYBODY } from "../../../support/http/api_fixture.ts";
import { assertEquals, assertStringIncludes } from "@std/assert";
import { createRouter } from "../../../../src/http/edge/router.ts";
import {
  CHECK_LANGUAGES,
  checkJson,
  languageOf,
} from "../../../../src/http/health/checks/check.ts";
import { covers } from "../../../../src/http/health/checks/app_judges.ts";
import { judgeServer } from "../../../../src/http/health/checks/judges.ts";
import type {
  AppSight,
  ServerSight,
} from "../../../../src/http/health/checks/sight.ts";
import {
  type CheckSources,
  checksRoute,
} from "../../../../src/http/health/checks/route.ts";
import { EN } from "../../../../src/http/health/checks/texts_en.ts";
import { openWorld, type World } from "../../../support/reconcile/world.ts";

const NOW_MS = Date.UTC(2026, 10, 30);
const DAY_MS = 86_400_000;

const APP: AppSight = {
  app: 1,
  isSigned: true,
  lastCallbackMs: NOW_MS - 60_000,
  commands: ["Group.CallbackAfterCreateGroup"],
  rest: {
    ok: true,
    groups: 3,
    clock: { serverMs: NOW_MS, ownMs: NOW_MS + 400 },
    addresses: ["203.0.113.0/24", "198.51.100.7"],
  },
};

/** A server about which there is nothing to say. */
const WELL: ServerSight = {
  nowMs: NOW_MS,
  startedAtMs: NOW_MS - 10 * DAY_MS,
  storeFailure: undefined,
  directoryFailure: undefined,
  last: 7,
  disk: { freeBytes: 2 ** 40, isScarce: false },
  refused: [],
  allowedSenders: ["203.0.113.0/24", "198.51.0.0/16"],
  silenceMs: DAY_MS,
  apps: [APP],
};

/** What is not well, in English: each check's name, its status and what to do. */
function badIn(sight: ServerSight): [string, string, string][] {
  return judgeServer(sight).filter(({ status }) => status !== "ok")
    .map((verdict) => {
      const { name, status, message, action = "" } = checkJson(verdict, "en");
      return [name, status, `${message}. ${action}`];
    });
}

function withApp(changes: Partial<AppSight>): ServerSight {
  return { ...WELL, apps: [{ ...APP, ...changes }] };
}

Deno.test("judgeServer() finds nothing where all is well", () => {
  assertEquals(badIn(WELL), []);
  assertEquals(judgeServer(WELL).map(({ name }) => name), [
    "configuration",
    "store",
    "disk",
    "clock",
    "token",
    "callbacks",
    "rest",
    "addresses",
  ]);
});

const WRONG_SIGN = { code: 40101, lastHour: 3, lastAddress: "192.0.2.9" };
const LATE = { code: 40102, lastHour: 2, lastAddress: "192.0.2.9" };
const AWAY = { serverMs: NOW_MS, ownMs: NOW_MS + 300_000 };

Deno.test.each<[string, ServerSight, string, string, string]>([
  [
    "a wrong token",
    { ...WELL, refused: [WRONG_SIGN] },
    "token",
    "fail",
    "IMHOOK_APP_<SdkAppid>",
  ],
  [
    "a clock 5 minutes off",
    withApp({ rest: { ok: true, groups: 3, clock: AWAY, addresses: [] } }),
    "clock",
    "fail",
    "timedatectl",
  ],
  [
    "a clock that only callbacks show",
    {
      ...withApp({ rest: undefined }),
      refused: [LATE],
      allowedSenders: undefined,
    },
    "clock",
    "fail",
    "timedatectl",
  ],
  [
    "an allow list without Tencent's addresses",
    { ...WELL, allowedSenders: ["203.0.113.0/25"] },
    "addresses",
    "fail",
    "203.0.113.0/24, 198.51.100.7",
  ],
  [
    "a disk that is nearly full",
    { ...WELL, disk: { freeBytes: 2 ** 20, isScarce: true } },
    "disk",
    "fail",
    "Only 1 MiB",
  ],
  [
    "no callbacks for a day",
    withApp({ lastCallbackMs: NOW_MS - DAY_MS - 1 }),
    "callbacks",
    "fail",
    "ticked",
  ],
  [
    "a store that fails",
    { ...WELL, storeFailure: "disk" },
    "store",
    "fail",
    "disk",
  ],
  [
    "a directory that stands",
    { ...WELL, directoryFailure: "x" },
    "store",
    "fail",
    "rebuild",
  ],
  [
    "an app without a token",
    withApp({ isSigned: false }),
    "configuration",
    "warn",
    "forge",
  ],
])("judgeServer() finds %s", (_, sight, name, status, words) => {
  const found = badIn(sight).find(([known]) => known === name);

  assertEquals(found?.slice(0, 2), [name, status]);
  assertStringIncludes(found?.[2] ?? "", words);
});

Deno.test("covers() takes blocks within blocks, of either family", () => {
  assertEquals(covers(["10.0.0.0/8"], "10.1.0.0/16"), true);
  assertEquals(covers(["10.1.0.0/16"], "10.0.0.0/8"), false);
  assertEquals(covers(["10.0.0.0/8"], "2001:db8::1"), false);
  assertEquals(covers(["2001:db8::/32"], "2001:db8:1::/48"), true);
  assertEquals(covers([], "no address"), true);
});

Deno.test("every language fills the same places of every text", () => {
  for (const key of Object.keys(EN) as (keyof typeof EN)[]) {
    const texts = CHECK_LANGUAGES.map((language) => {
      const verdict = { name: "store", status: "ok", text: key } as const;
      const { message, action = "" } = checkJson(verdict, language);
      return [message, action].map((text) =>
        [...text.matchAll(/\{\w+\}/g)].map(String).toSorted().join()
      );
    });
    assertEquals(texts, [texts[0], texts[0], texts[0]], key);
  }
});

Deno.test.each([
  ["ja", "ja"],
  ["en-US,en;q=0.9", "en"],
  ["fr, zh-CN;q=0.5", "zh"],
  ["", "en"],
])("languageOf() of %j is %s", (text, expected) => {
  assertEquals(languageOf(text), expected);
});

/** Runs the checks of a world. */
async function check(
  world: World,
  { body = {}, language = "en", ...changes }: Partial<CheckSources> & {
    readonly body?: unknown;
    readonly language?: string;
  } = {},
): Promise<{ status: string; items: Record<string, unknown>[] }> {
  const { store, directory, rest } = world;
  const sources: CheckSources = {
    store,
    directory,
    apps: [{ id: 1_400_000_000, tokens: ["t"], rest: rest.access }],
    readApps: () => Promise.resolve([]),
    commands: () => new Map(),
    refused: () => [],
    disk: () => undefined,
    allowedSenders: undefined,
    silenceMs: DAY_MS,
    now: rest.clock.now,
    showWaitMs: 300,
    ...changes,
  };
  const route = createRouter([checksRoute(sources)], ANYBODY);
  const request = new Request("http://127.0.0.1/v1/checks", {
    method: "POST",
    body: JSON.stringify(body),
    headers: { "accept-language": language },
  });
  const clientIp = () => "127.0.0.1";
  const at = { path: "/v1/checks", search: "", clientIp };
  return await (await route(request, at)).json();
}

function itemOf(
  { items }: { items: Record<string, unknown>[] },
  name: string,
): Record<string, unknown> | undefined {
  return items.find((item) => item.name === name);
}

Deno.test("POST /v1/checks asks Tencent, and answers in the reader's language", async () => {
  await using world = await openWorld();
  await world.make("import_group", { Type: "Public", Name: "a", GroupId: "a" });

  const checked = await check(world, { language: "zh-CN" });

  assertEquals(checked.status, "warn");
  assertEquals(itemOf(checked, "rest"), {
    name: "rest",
    status: "ok",
    sdkAppId: 1_400_000_000,
    message: "应用 1400000000 的 REST API 正常:1 个群组",
  });
  assertEquals(itemOf(checked, "clock")?.status, "ok");
});

Deno.test("POST /v1/checks finds a wrong key, and shows none", async () => {
  await using world = await openWorld();
  const rest = { ...world.rest.access, key: "very-secret" };
  const apps = [{ id: 1_400_000_000, tokens: ["t"], rest }];

  const checked = await check(world, { apps });

  const item = itemOf(checked, "rest");
  assertEquals(item?.status, "fail");
  assertStringIncludes(String(item?.message), "70009");
  assertStringIncludes(String(item?.message), "IMHOOK_APP_1400000000_KEY");
  assertEquals(JSON.stringify(checked).includes("very-secret"), false);
});

Deno.test("POST /v1/checks finds the data centre of an app that is elsewhere", async () => {
  await using world = await openWorld();
  await using elsewhere = await openWorld();
  elsewhere.rest.standIn.plan(
    "group_open_http_svc/get_appid_group_list",
    70020,
    9,
  );
  const apps = [{
    id: 1_400_000_000,
    tokens: ["t"],
    rest: elsewhere.rest.access,
  }];
  const centres = { china: elsewhere.rest.origin, tokyo: world.rest.origin };

  const item = itemOf(await check(world, { apps, centres }), "rest");

  assertEquals(item?.status, "fail");
  assertEquals(item?.action, "Set IMHOOK_APP_1400000000_REST=tokyo");
});

Deno.test("POST /v1/checks finds a clock that is off by Tencent's own", async () => {
  await using world = await openWorld();
  world.rest.standIn.settings.skewMs = -300_000;

  assertEquals(itemOf(await check(world), "clock")?.status, "fail");
});

Deno.test("POST /v1/checks compares the allow list with Tencent's addresses", async () => {
  await using world = await openWorld();

  const one = await check(world, { allowedSenders: ["10.0.0.0/8"] });
  world.rest.clock.nowMs += 2_000;
  const other = await check(world, { allowedSenders: ["203.0.0.0/8"] });

  assertEquals(itemOf(one, "addresses")?.status, "fail");
  assertEquals(itemOf(other, "addresses")?.status, "ok");
});

Deno.test("POST /v1/checks shows which callbacks came, and disbands what it made", async () => {
  await using world = await openWorld();

  const { status, items } = await check(world, { body: { showMe: true } });

  assertEquals(status, "ok");
  assertEquals(items.map(({ message }) => String(message).split(" ")[0]), [
    "Group.CallbackAfterCreateGroup",
    "Group.CallbackAfterGroupInfoChanged",
    "Group.CallbackAfterGroupDestroyed",
  ]);
  assertEquals(world.rest.standIn.model.groups.size, 0);
});

Deno.test("POST /v1/checks says which callbacks did not come", async () => {
  await using world = await openWorld();
  world.rest.standIn.settings.lostShare = 1;

  const { status, items } = await check(world, { body: { showMe: true } });

  assertEquals(status, "fail");
  assertEquals(items.length, 3);
});
