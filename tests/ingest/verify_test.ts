import { assert, assertEquals, assertStrictEquals } from "@std/assert";
import fc from "fast-check";
import { parseQuery } from "../../src/protocol/query.ts";
import { sign } from "../../src/protocol/sign.ts";
import { createVerifier } from "../../src/ingest/verify.ts";
import {
  APP,
  APPS,
  NOW_MS,
  searchOf,
  UNSIGNED_APP,
} from "../support/ingest/callback_fixture.ts";

const SIGN = sign("xxxxyyyy", "1669872112");

/** 0 for what is accepted. */
function codeOf(search: string, nowMs = NOW_MS): number {
  const verdict = createVerifier(APPS)(search, nowMs);
  return verdict.ok ? 0 : verdict.code;
}

Deno.test("createVerifier() says which app sent a callback, and its query", () => {
  const search = searchOf();

  assertEquals(createVerifier(APPS)(search, NOW_MS), {
    ok: true,
    app: APP,
    query: parseQuery(search),
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

  assertEquals(createVerifier(APPS)(search, NOW_MS), {
    ok: true,
    app: UNSIGNED_APP,
    query: parseQuery(search),
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
    const verify = createVerifier(new Map([["5", app]]));
    const search = searchOf({ SdkAppid: "5", Sign: sign(token, "1669872112") });
    const verdict = verify(search, NOW_MS);

    assertEquals(verdict.ok ? 0 : verdict.code, code);
  },
);

Deno.test("createVerifier() does not accept one app's Sign for another", () => {
  const apps = new Map([
    ["5", { id: 5, tokens: ["five"] }],
    ["6", { id: 6, tokens: ["six"] }],
  ]);
  const verify = createVerifier(apps);
  const Sign = sign("five", "1669872112");

  assertEquals(verify(searchOf({ SdkAppid: "5", Sign }), NOW_MS).ok, true);
  assertEquals(verify(searchOf({ SdkAppid: "6", Sign }), NOW_MS).ok, false);
});

Deno.test("createVerifier() judges the same query anew as time goes by", () => {
  const verify = createVerifier(APPS);
  const search = searchOf();
  const codes = [0, 60_000, 60_001, 30_000, -60_001].map((laterMs) => {
    const verdict = verify(search, NOW_MS + laterMs);
    return verdict.ok ? 0 : verdict.code;
  });

  assertEquals(codes, [0, 0, 40102, 0, 40102]);
});

Deno.test("createVerifier() parses queries that come again only once", () => {
  const verify = createVerifier(APPS);
  const searches = ["1", "2", "3"].map((x) => searchOf({ x }));
  const first = searches.map((search) => queryOf(verify, search));

  for (const [index, search] of searches.entries()) {
    assertStrictEquals(queryOf(verify, search), first[index]);
  }
});

Deno.test("createVerifier() forgets a query once 1,024 others have come", () => {
  const verify = createVerifier(APPS);
  const before = queryOf(verify, searchOf());
  for (let n = 0; n < 1_024; n++) verify(searchOf({ x: `${n}` }), NOW_MS);

  assertEquals(queryOf(verify, searchOf()) === before, false);
});

Deno.test("createVerifier() does not remember a long query", () => {
  const verify = createVerifier(APPS);
  const search = searchOf({ x: "x".repeat(1_024) });

  assertEquals(queryOf(verify, search) === queryOf(verify, search), false);
});

Deno.test("createVerifier() never throws, and accepts nobody who holds no token", () => {
  const verify = createVerifier(new Map([[String(APP.id), APP]]));
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
    assertEquals(verify(search, NOW_MS).ok, false);
  }));
});

function withTime(requestTime: string | undefined): string {
  return searchOf({ RequestTime: requestTime, Sign: SIGN });
}

function queryOf(verify: ReturnType<typeof createVerifier>, search: string) {
  const verdict = verify(search, NOW_MS);
  assert(verdict.ok);
  return verdict.query;
}
