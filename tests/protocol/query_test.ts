import { assertEquals } from "@std/assert";
import fc from "fast-check";
import {
  type CallbackQuery,
  namesOf,
  parseQuery,
  withoutSign,
} from "../../src/protocol/query.ts";

const NOTHING: CallbackQuery = {
  sdkAppId: [],
  command: [],
  sign: [],
  requestTime: [],
  clientIp: [],
  platform: [],
  requestId: [],
  others: "",
};

Deno.test("parseQuery() reads the query of Tencent's documentation", () => {
  const search =
    "SdkAppid=888888&CallbackCommand=Group.CallbackAfterCreateGroup" +
    "&contenttype=json&ClientIP=203.0.113.9&OptPlatform=Android" +
    "&Sign=ab&RequestTime=1669872112&RequestID=r-1";

  assertEquals(parseQuery(search), {
    sdkAppId: ["888888"],
    command: ["Group.CallbackAfterCreateGroup"],
    sign: ["ab"],
    requestTime: ["1669872112"],
    clientIp: ["203.0.113.9"],
    platform: ["Android"],
    requestId: ["r-1"],
    others: "",
  });
});

Deno.test("parseQuery() gathers what Tencent does not document, as received", () => {
  const search = "a=%20&SdkAppid=1&&contenttype=JSON&B=+x&CLIENTIP=1&c&=d";

  assertEquals(parseQuery(search).others, "a=%20&B=+x&c&=d");
});

Deno.test("namesOf() tells the names of a query and none of its values", () => {
  assertEquals(namesOf("a=1&Sign=x%3D&&%62=2&c"), ["a", "Sign", "b", "c"]);
});

Deno.test.each(["SdkAppid", "SdkAppId", "sdkappid", "SDKAPPID", "%53dkAppid"])(
  "parseQuery() knows the name %s",
  (name) => {
    assertEquals(parseQuery(`${name}=1`), { ...NOTHING, sdkAppId: ["1"] });
  },
);

Deno.test.each([
  ["a name twice", "Sign=a&Sign=b", { sign: ["a", "b"] }],
  ["two spellings", "Sign=a&sIGN=b", { sign: ["a", "b"] }],
  ["an empty value", "OptPlatform=&ClientIP&CallbackCommand=", {}],
  ["an empty value of what is given once", "Sign=&RequestTime&SdkAppid=", {
    sign: [""],
    requestTime: [""],
    sdkAppId: [""],
  }],
  ["an empty value beside another", "Sign=&Sign=b", { sign: ["", "b"] }],
  ["an equals sign in a value", "Sign=a=b", { sign: ["a=b"] }],
  ["a plus", "OptPlatform=a+b", { platform: ["a b"] }],
  ["encoded characters", "OptPlatform=%E9%8D%B5%26", { platform: ["鍵&"] }],
  ["half an escape", "Sign=%&RequestTime=%4", {
    sign: ["%"],
    requestTime: ["%4"],
  }],
  ["an escape that is no hex", "Sign=%zz", { sign: ["%zz"] }],
  ["bytes that are no UTF-8", "Sign=%ff", { sign: ["\ufffd"] }],
  ["a NUL", "Sign=%00", { sign: ["\0"] }],
  ["separators alone", "&&=&==&", { others: "=&==" }],
  ["a semicolon", "Sign=a;RequestTime=1", { sign: ["a;RequestTime=1"] }],
  ["a question mark", "?Sign=a&?Sign=b", {
    sign: ["a"],
    others: "?Sign=b",
  }],
  ["names of a prototype", "__proto__=1&constructor=2&toString=3", {
    others: "__proto__=1&constructor=2&toString=3",
  }],
  ["names nearly right", "Signs=1&XSign=2&Sign%20=3&Sıgn=4", {
    others: "Signs=1&XSign=2&Sign%20=3&Sıgn=4",
  }],
  ["nothing", "", {}],
])("parseQuery() takes %s", (_what, search, expected) => {
  assertEquals(parseQuery(search), { ...NOTHING, ...expected });
});

Deno.test("parseQuery() never throws and has every name", () => {
  fc.assert(fc.property(searches(), (search) => {
    const query = parseQuery(search);
    assertEquals(Object.keys(query), Object.keys(NOTHING));
    const { sdkAppId, sign, requestTime, others: _, ...others } = query;
    assertEquals([sdkAppId, sign, requestTime].every(Array.isArray), true);
    assertEquals(Object.values(others).flat().includes(""), false);
  }));
});

Deno.test.each([
  ["SdkAppid=1&Sign=ab&RequestTime=2", "SdkAppid=1&RequestTime=2"],
  ["sign=ab&SIGN=cd&SiGn=ef", ""],
  ["a=1&%53ign=ab", "a=1"],
  ["a=1&%53%49%47%4e=ab&b=2", "a=1&b=2"],
  ["a=1&Sign", "a=1"],
  ["a=1&Sign=a=b", "a=1"],
  ["?Sign=ab&a=1", "a=1"],
  ["RequestSign=1&Signs=2", "RequestSign=1&Signs=2"],
  ["b=%20+%zz&&a=%", "b=%20+%zz&&a=%"],
  ["", ""],
])("withoutSign() of %j is %j", (search, expected) => {
  assertEquals(withoutSign(search), expected);
});

Deno.test("withoutSign() never throws and leaves no Sign", () => {
  fc.assert(
    fc.property(searches(), (search) => {
      assertEquals(parseQuery(withoutSign(search)).sign, []);
    }),
    { numRuns: 1_000 },
  );
});

Deno.test("withoutSign() leaves every other value", () => {
  const pair = fc.tuple(
    fc.constantFrom("SdkAppid", "Sign", "%73ign", "RequestID"),
    fc.string().map(encode),
  ).map((parts) => parts.join("="));
  fc.assert(fc.property(fc.array(pair), (pairs) => {
    const search = pairs.join("&");
    const expected = { ...parseQuery(search), sign: [] };
    assertEquals(parseQuery(withoutSign(search)), expected);
  }));
});

/** Queries from garbage to nearly right. */
function searches(): fc.Arbitrary<string> {
  const piece = fc.constantFrom(
    ..."Sign,sign,%53,%73IGN,ign,S,=,&,?,%,+,;,#,SdkAppid,1,é,\0".split(","),
  );
  return fc.oneof(
    fc.string({ unit: "binary" }),
    fc.array(piece, { maxLength: 12 }).map((pieces) => pieces.join("")),
  );
}

function encode(text: string): string {
  return new URLSearchParams({ x: text }).toString().slice(2);
}
