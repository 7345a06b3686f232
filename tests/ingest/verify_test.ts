import { assert, assertEquals, assertStrictEquals } from "@std/assert";
import fc from "fast-check";
import { networkTest } from "../../src/base/networks.ts";
import { parseQuery } from "../../src/protocol/query.ts";
import { sign } from "../../src/protocol/sign.ts";
import { type Arriving, createVerifier } from "../../src/ingest/verify.ts";
import {
  APP,
  APPS,
  NOW_MS,
  searchOf,
  UNSIGNED_APP,
} from "../support/ingest/callback_fixture.ts";

const SIGN = sign("xxxxyyyy", "1669872112");

const JOURNAL_ID = "0b5d2b1e-2f6f-4f8e-9d3e-0c4f6a1f2a55";

/** A request with this query. */
function arriving(
  search: string,
  { headers = {}, nowMs = NOW_MS, senderIp = "192.0.2.1" }: {
    readonly headers?: HeadersInit;
    readonly nowMs?: number;
    readonly senderIp?: string;
  } = {},
): Arriving {
  return {
    search,
    headers: new Headers(headers),
    nowMs,
    senderIp: () => senderIp,
  };
}

/** 0 for what is accepted. */
function codeOf(search: string, nowMs = NOW_MS): number {
  const verdict = createVerifier({ apps: APPS })(arriving(search, { nowMs }));
  return verdict.ok ? 0 : verdict.code;
}

Deno.test("createVerifier() says which app sent a callback, and its query", () => {
  const search = searchOf();

  assertEquals(createVerifier({ apps: APPS })(arriving(search)), {
    ok: true,
    app: APP,
    query: parseQuery(search),
    isBefore: false,
    senderIp: "192.0.2.1",
    path: undefined,
  });
});

Deno.test.each([
  ["nothing", ""],
  ["no SdkAppid", searchOf({ SdkAppid: undefined })],
  ["an empty SdkAppid", searchOf({ SdkAppid: "" })],
  ["an unknown SdkAppid", searchOf({ SdkAppid: "1400000009" })],
  ["a padded SdkAppid", searchOf({ SdkAppid: "01400000000" })],
  ["a spaced SdkAppid", searchOf({ SdkAppid: " 1400000000" })],
  ["a signed SdkAppid", searchOf({ SdkAppid: "+1400000000" })],
  ["another spelling of the number", searchOf({ SdkAppid: "1.4e9" })],
  ["SdkAppid twice", `${searchOf()}&SdkAppid=${APP.id}`],
  ["SdkAppid in two spellings", `${searchOf()}&SDKAPPID=${APP.id}`],
  ["SdkAppid again, with nothing", `${searchOf()}&SdkAppid`],
  ["two apps", `${searchOf()}&SdkAppid=${UNSIGNED_APP.id}`],
  ["the unsigned app twice", "SdkAppid=1400000001&SdkAppid=1400000001"],
])("createVerifier() answers 40300 to %s", (_what, search) => {
  assertEquals(codeOf(search), 40300);
});

Deno.test.each([
  ["no Sign", searchOf({ Sign: undefined })],
  ["an empty Sign", searchOf({ Sign: "" })],
  ["Sign twice", `${searchOf()}&Sign=${SIGN}`],
  ["Sign in two spellings", `${searchOf()}&sign=${SIGN}`],
  ["Sign again, with nothing", `${searchOf()}&Sign=`],
  ["RequestTime again, with nothing", `RequestTime&${searchOf()}`],
  ["no RequestTime", withTime(undefined)],
  ["an empty RequestTime", withTime("")],
  ["RequestTime twice", `${searchOf()}&RequestTime=1669872112`],
  ["a RequestTime of 12 digits", withTime("001669872112")],
  ["a RequestTime in ms", withTime("1669872112000")],
  ["a negative RequestTime", withTime("-1669872112")],
  ["a fraction", withTime("1669872112.0")],
  ["an exponent", withTime("1e9")],
  ["hex", withTime("0x6388")],
  ["a space", withTime(" 1669872112")],
  ["a line break", withTime("1669872112\n")],
  ["other digits", withTime("１６６９８７２１１２")],
  ["letters", withTime("now")],
])("createVerifier() answers 40100 to %s", (_what, search) => {
  assertEquals(codeOf(search), 40100);
});

Deno.test.each([
  ["a Sign of zeros", searchOf({ Sign: "0".repeat(64) })],
  ["a short Sign", searchOf({ Sign: SIGN.slice(1) })],
  ["a Sign that is no hex", searchOf({ Sign: "z".repeat(64) })],
  ["the Sign of another token", searchOf({ Sign: sign("x", "1669872112") })],
  ["the Sign of the empty token", searchOf({ Sign: sign("", "1669872112") })],
  ["the Sign of another second", searchOf({ Sign: sign("xxxxyyyy", "1") })],
  ["a space around the Sign", searchOf({ Sign: `${SIGN} ` })],
])("createVerifier() answers 40101 to %s", (_what, search) => {
  assertEquals(codeOf(search), 40101);
});

Deno.test.each([
  [-60_001, 40102],
  [-60_000, 0],
  [60_000, 0],
  [60_001, 40102],
])("createVerifier() %i ms from RequestTime answers %i", (distanceMs, code) => {
  assertEquals(codeOf(searchOf(), NOW_MS + distanceMs), code);
});

Deno.test.each([
  ["the app before the Sign's absence", { SdkAppid: "1", Sign: "" }, 40300],
  ["the app before a wrong Sign", { SdkAppid: "1", Sign: "0" }, 40300],
  ["the app before the time", { SdkAppid: "1", RequestTime: "1" }, 40300],
  ["absence before a wrong Sign", { RequestTime: "x", Sign: "0" }, 40100],
  ["a wrong Sign before the time", { RequestTime: "1", Sign: "0" }, 40101],
])("createVerifier() judges %s", (_what, changes, code) => {
  assertEquals(codeOf(searchOf(changes)), code);
});

Deno.test("createVerifier() accepts names in any case and order, and unknown ones", () => {
  const search = `x=1&REQUESTTIME=1669872112&SIGN=${SIGN.toUpperCase()}` +
    `&sdkappid=${APP.id}&x=2`;

  assertEquals(codeOf(search), 0);
});

Deno.test("createVerifier() accepts anything from an app that has no token", () => {
  const search = `SdkAppid=${UNSIGNED_APP.id}&Sign=x&Sign=y&RequestTime=z`;

  assertEquals(createVerifier({ apps: APPS })(arriving(search)), {
    ok: true,
    app: UNSIGNED_APP,
    query: parseQuery(search),
    isBefore: false,
    senderIp: "192.0.2.1",
    path: undefined,
  });
});

Deno.test.each([
  ["current", 0],
  ["previous", 0],
  ["older", 40101],
])(
  "createVerifier() while a token is changed: the %s one gives %i",
  (token, code) => {
    const app = { id: 5, tokens: ["current", "previous"] };
    const verify = createVerifier({ apps: new Map([["5", app]]) });
    const search = searchOf({ SdkAppid: "5", Sign: sign(token, "1669872112") });
    const verdict = verify(arriving(search));

    assertEquals(verdict.ok ? 0 : verdict.code, code);
  },
);

Deno.test("createVerifier() does not accept one app's Sign for another", () => {
  const apps = new Map([
    ["5", { id: 5, tokens: ["five"] }],
    ["6", { id: 6, tokens: ["six"] }],
  ]);
  const verify = createVerifier({ apps });
  const Sign = sign("five", "1669872112");

  assertEquals(verify(arriving(searchOf({ SdkAppid: "5", Sign }))).ok, true);
  assertEquals(verify(arriving(searchOf({ SdkAppid: "6", Sign }))).ok, false);
});

Deno.test("createVerifier() judges the same query anew as time goes by", () => {
  const verify = createVerifier({ apps: APPS });
  const search = searchOf();
  const codes = [0, 60_000, 60_001, 30_000, -60_001].map((laterMs) => {
    const verdict = verify(arriving(search, { nowMs: NOW_MS + laterMs }));
    return verdict.ok ? 0 : verdict.code;
  });

  assertEquals(codes, [0, 0, 40102, 0, 40102]);
});

Deno.test("createVerifier() parses queries that come again only once", () => {
  const verify = createVerifier({ apps: APPS });
  const searches = ["1", "2", "3"].map((x) => searchOf({ x }));
  const first = searches.map((search) => queryOf(verify, search));

  for (const [index, search] of searches.entries()) {
    assertStrictEquals(queryOf(verify, search), first[index]);
  }
});

Deno.test("createVerifier() forgets a query once 1,024 others have come", () => {
  const verify = createVerifier({ apps: APPS });
  const before = queryOf(verify, searchOf());
  for (let n = 0; n < 1_024; n++) verify(arriving(searchOf({ x: `${n}` })));

  assertEquals(queryOf(verify, searchOf()) === before, false);
});

Deno.test("createVerifier() does not remember a long query", () => {
  const verify = createVerifier({ apps: APPS });
  const search = searchOf({ x: "x".repeat(1_024) });

  assertEquals(queryOf(verify, search) === queryOf(verify, search), false);
});

Deno.test("createVerifier() never throws, and accepts nobody who holds no token", () => {
  const verify = createVerifier({ apps: new Map([[String(APP.id), APP]]) });
  const parameter = fc.tuple(
    fc.constantFrom("SdkAppid", "Sign", "RequestTime", "x"),
    fc.oneof(
      fc.constantFrom(String(APP.id), "1669872112", "0".repeat(64), ""),
      fc.string({ unit: "binary" }),
    ),
  ).map(([name, value]) => `${name}=${value}`);
  const search = fc.oneof(
    fc.array(parameter).map((all) => all.join("&")),
    fc.string({ unit: "binary" }),
  );
  fc.assert(fc.property(search, (search) => {
    assertEquals(verify(arriving(search)).ok, false);
  }));
});

Deno.test("createVerifier() answers 40300 to a query of more than 8,192 characters", () => {
  const search = searchOf();
  const fill = "&".repeat(8_192 - search.length);

  assertEquals([codeOf(search + fill), codeOf(`${search + fill}&`)], [
    0,
    40300,
  ]);
});

Deno.test.each([
  ["203.0.113.7", 0],
  ["2001:db8::5", 0],
  ["::ffff:203.0.113.7", 0],
  ["192.0.2.1", 40301],
  ["127.0.0.1", 40301],
  ["unix", 40301],
  ["unknown", 40301],
])(
  "createVerifier() with allowed senders answers %s with %i",
  (senderIp, code) => {
    const isAllowedSender = networkTest(["203.0.113.0/24", "2001:db8::/32"]);
    const verify = createVerifier({ apps: APPS, isAllowedSender });
    const verdict = verify(arriving(searchOf(), { senderIp }));

    assertEquals(verdict.ok ? 0 : verdict.code, code);
  },
);

const [OTHER_1, OTHER_2, OTHER_3, OTHER_4] = ["1", "2", "3", "4"];

Deno.test.each([
  ["one other journal", OTHER_1, 0],
  ["three others", `${OTHER_1},${OTHER_2}, ${OTHER_3}`, 0],
  ["four others", `${OTHER_1},${OTHER_2},${OTHER_3},${OTHER_4}`, 40302],
  ["this journal", JOURNAL_ID, 40302],
  ["this journal behind others", `${OTHER_1}, ${JOURNAL_ID}`, 40302],
  ["this journal in capitals", JOURNAL_ID.toUpperCase(), 40302],
  ["a text that is too long", "x".repeat(257), 40302],
  ["nothing", "", 0],
])("createVerifier() given an imhook-path of %s answers %s: %i", (...row) => {
  const [, path, code] = row;
  const verify = createVerifier({ apps: APPS, journalId: JOURNAL_ID });
  const headers = { "imhook-path": path ?? "" };
  const verdict = verify(arriving(searchOf(), { headers }));

  assertEquals(verdict.ok ? 0 : verdict.code, code);
  if (verdict.ok) assertEquals(verdict.path, path || undefined);
});

Deno.test.each([
  ["the app before the sender", { SdkAppid: "1" }, 40300],
  ["the sender before the path", {}, 40301],
  ["the sender before the Sign", { Sign: "0" }, 40301],
])("createVerifier() judges %s", (_what, changes, code) => {
  const verify = createVerifier({
    apps: APPS,
    isAllowedSender: () => false,
    journalId: JOURNAL_ID,
  });
  const headers = { "imhook-path": JOURNAL_ID };
  const verdict = verify(arriving(searchOf(changes), { headers }));

  assertEquals(verdict.ok ? 0 : verdict.code, code);
});

Deno.test("createVerifier() judges the path before the Sign", () => {
  const verify = createVerifier({ apps: APPS, journalId: JOURNAL_ID });
  const headers = { "imhook-path": JOURNAL_ID };
  const verdict = verify(arriving(searchOf({ Sign: "0" }), { headers }));

  assertEquals(verdict.ok ? 0 : verdict.code, 40302);
});

Deno.test.each([
  ["a signed app", searchOf(), false, 0],
  ["an app without a token", `SdkAppid=${UNSIGNED_APP.id}`, false, 40300],
  ["a sandbox", searchOf(), true, 40300],
])(
  "createVerifier() takes what a web page sends to %s: %s %s %i",
  (_what, search, isSandbox, code) => {
    const verify = createVerifier({ apps: APPS, isSandbox });
    const codes = ["origin", "sec-fetch-site"].map((name) => {
      const verdict = verify(arriving(search, { headers: { [name]: "x" } }));
      return verdict.ok ? 0 : verdict.code;
    });

    assertEquals(codes, [code, code]);
    assertEquals(verify(arriving(search)).ok, true);
  },
);

Deno.test.each([
  ["nothing", "", true, true],
  ["another parameter", "a=1", true, true],
  ["an empty SdkAppid", "SdkAppid=", true, true],
  ["an unknown app", "SdkAppid=5", true, false],
  ["a signed app alone", `SdkAppid=${APP.id}`, true, true],
  ["a wrong Sign", `SdkAppid=${APP.id}&Sign=0&RequestTime=1`, true, false],
  ["a command", "CallbackCommand=x", false, true],
  ["more than 8,192 characters", "a".repeat(8_193), false, false],
])(
  "createVerifier() given %s says whether it may be a probe: %s",
  (_what, search, mayBeProbe, isBare) => {
    const verdict = createVerifier({ apps: APPS })(arriving(search));

    assert(!verdict.ok);
    assertEquals([verdict.mayBeProbe, verdict.isBare], [mayBeProbe, isBare]);
  },
);

Deno.test.each([
  ["Group.CallbackAfterCreateGroup", "Group.CallbackAfterCreateGroup"],
  ["a stranger's text", undefined],
])(
  "createVerifier() tells of a refused callback's command %s: %s",
  (...row) => {
    const [CallbackCommand, expected] = row;
    const search = searchOf({ CallbackCommand, Sign: "0" });
    const verdict = createVerifier({ apps: APPS })(arriving(search));

    assert(!verdict.ok);
    assertEquals(verdict.command, expected);
  },
);

function withTime(requestTime: string | undefined): string {
  return searchOf({ RequestTime: requestTime, Sign: SIGN });
}

function queryOf(verify: ReturnType<typeof createVerifier>, search: string) {
  const verdict = verify(arriving(search));
  assert(verdict.ok);
  return verdict.query;
}
