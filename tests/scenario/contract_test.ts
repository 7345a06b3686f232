import { assertEquals } from "@std/assert";
import { sign } from "../../src/protocol/sign.ts";
import { assertAck } from "../support/server/ack.ts";
import {
  APP,
  BODY_MAX_BYTES,
  bodyOf,
  bodyOfSize,
  type QueryChanges,
} from "../support/server/callback.ts";
import { KeptReader } from "../support/server/kept.ts";
import { startServer } from "../support/server/server.ts";

const NOTHING = { journal: 0, quarantine: 0 };

/** A query that is refused, or the body that is refused behind a good one. */
interface Refusal extends QueryChanges {
  readonly name: string;
  readonly status: number;
  readonly code: number;
  /** @default a valid body */
  readonly body?: BodyInit;
}

const drop = (name: string) => (query: URLSearchParams) => query.delete(name);
const repeat = (name: string) => (query: URLSearchParams) =>
  query.append(name, query.get(name) ?? "");

/** RequestTime as it is written here, with the Sign that belongs to it. */
const signedTime = (time: string) => (query: URLSearchParams) => {
  query.set("RequestTime", time);
  query.set("Sign", sign(APP.token, time));
};
const badSign = (query: URLSearchParams) => query.set("Sign", "0".repeat(64));
const nowSec = () => Math.floor(Date.now() / 1000);

const FORBIDDEN = { status: 403, code: 40300 };
const UNSIGNED = { status: 401, code: 40100 };
const WRONG_SIGN = { status: 401, code: 40101 };
const STALE = { status: 401, code: 40102 };
const TOO_LARGE = { status: 413, code: 41300 };

const APP_ROWS: readonly Refusal[] = [
  { name: "no SdkAppid", edit: drop("SdkAppid"), ...FORBIDDEN },
  { name: "SdkAppid twice", edit: repeat("SdkAppid"), ...FORBIDDEN },
  { name: "unknown SdkAppid", sdkAppId: 1_400_000_009, ...FORBIDDEN },
  {
    name: "SdkAppid with a zero in front",
    edit: (query) => query.set("SdkAppid", `0${APP.id}`),
    ...FORBIDDEN,
  },
  {
    name: "SdkAppid empty",
    edit: (query) => query.set("SdkAppid", ""),
    ...FORBIDDEN,
  },
  {
    name: "SdkAppid in two spellings",
    edit: (query) => query.append("sdkappid", String(APP.id)),
    ...FORBIDDEN,
  },
];

const SIGN_ROWS: readonly Refusal[] = [
  { name: "no Sign", edit: drop("Sign"), ...UNSIGNED },
  { name: "no RequestTime", edit: drop("RequestTime"), ...UNSIGNED },
  { name: "Sign twice", edit: repeat("Sign"), ...UNSIGNED },
  { name: "RequestTime twice", edit: repeat("RequestTime"), ...UNSIGNED },
  { name: "RequestTime empty", edit: signedTime(""), ...UNSIGNED },
  { name: "RequestTime of letters", edit: signedTime("now"), ...UNSIGNED },
  { name: "RequestTime negative", edit: signedTime("-1"), ...UNSIGNED },
  {
    name: "RequestTime with an exponent",
    edit: signedTime("1e9"),
    ...UNSIGNED,
  },
  {
    name: "RequestTime with a fraction",
    edit: (query) => signedTime(`${nowSec()}.0`)(query),
    ...UNSIGNED,
  },
  {
    name: "RequestTime with a space",
    edit: (query) => signedTime(` ${nowSec()}`)(query),
    ...UNSIGNED,
  },
  {
    name: "RequestTime in other digits",
    edit: signedTime("١٦٦٩٨٧٢١١٢"),
    ...UNSIGNED,
  },
  {
    name: "RequestTime of 12 digits",
    edit: (query) => signedTime(`00${nowSec()}`)(query),
    ...UNSIGNED,
  },
  {
    name: "RequestTime in ms",
    edit: (query) => signedTime(String(Date.now()))(query),
    ...UNSIGNED,
  },
  { name: "wrong token", token: "not-the-token", ...WRONG_SIGN },
  { name: "empty token", token: "", ...WRONG_SIGN },
  {
    name: "Sign of another time",
    edit: (query) => query.set("RequestTime", String(nowSec() + 1)),
    ...WRONG_SIGN,
  },
  {
    name: "Sign cut short",
    edit: (query) => query.set("Sign", query.get("Sign")?.slice(1) ?? ""),
    ...WRONG_SIGN,
  },
  {
    name: "Sign with something behind it",
    edit: (query) => query.set("Sign", `${query.get("Sign")}0`),
    ...WRONG_SIGN,
  },
  {
    name: "Sign that is no hex",
    edit: (query) => query.set("Sign", "z".repeat(64)),
    ...WRONG_SIGN,
  },
  { name: "62 s late", ageSec: 62, ...STALE },
  { name: "62 s early", ageSec: -62, ...STALE },
  { name: "RequestTime of 1 digit", edit: signedTime("0"), ...STALE },
  {
    name: "RequestTime of 11 digits",
    edit: signedTime("99999999999"),
    ...STALE,
  },
];

const PRECEDENCE_ROWS: readonly Refusal[] = [
  {
    name: "SdkAppid before Sign",
    sdkAppId: 7,
    edit: badSign,
    ...FORBIDDEN,
  },
  {
    name: "missing Sign before wrong time",
    ageSec: 600,
    edit: drop("Sign"),
    ...UNSIGNED,
  },
  {
    name: "wrong Sign before late",
    ageSec: 600,
    edit: badSign,
    ...WRONG_SIGN,
  },
  {
    name: "unknown SdkAppid before 1 MB",
    sdkAppId: 7,
    body: bodyOfSize(1_000_000),
    ...FORBIDDEN,
  },
  {
    name: "wrong Sign before 1 MB",
    edit: badSign,
    body: bodyOfSize(1_000_000),
    ...WRONG_SIGN,
  },
  {
    name: "late before 1 MB",
    ageSec: 600,
    body: bodyOfSize(1_000_000),
    ...STALE,
  },
  {
    name: "wrong Sign before no JSON",
    edit: badSign,
    body: "?",
    ...WRONG_SIGN,
  },
  { name: "late before no JSON", ageSec: 600, body: "?", ...STALE },
  {
    name: "too large by Content-Length",
    body: bodyOfSize(BODY_MAX_BYTES + 1),
    ...TOO_LARGE,
  },
  {
    name: "too large before no JSON",
    body: "?".repeat(BODY_MAX_BYTES + 1),
    ...TOO_LARGE,
  },
];

Deno.test("serve refuses what is not authentic, and keeps nothing of it", async (t) => {
  await using server = await startServer();
  const kept = new KeptReader(server);
  for (const row of [...APP_ROWS, ...SIGN_ROWS, ...PRECEDENCE_ROWS]) {
    await t.step(`${row.code}: ${row.name}`, async () => {
      const { name: _, status, code, body = bodyOf(), ...changes } = row;
      await assertAck(await server.send({ ...changes, body }), {
        status,
        code,
      });
      assertEquals(await kept.count(), NOTHING);
    });
  }
});

const ACCEPTED_ROWS: readonly (QueryChanges & { name: string })[] = [
  { name: "58 s late", ageSec: 58 },
  { name: "58 s early", ageSec: -58 },
  {
    name: "RequestTime of 11 digits that is now",
    edit: (query) => signedTime(`0${nowSec()}`)(query),
  },
  {
    name: "Sign in upper case",
    edit: (query) => query.set("Sign", query.get("Sign")?.toUpperCase() ?? ""),
  },
  { name: "names in lower case", edit: (query) => rename(query, lower) },
  { name: "names in upper case", edit: (query) => rename(query, upper) },
  { name: "no contenttype", edit: drop("contenttype") },
  {
    name: "contenttype JSON",
    edit: (query) => query.set("contenttype", "JSON"),
  },
  { name: "no ClientIP", edit: drop("ClientIP") },
  { name: "no OptPlatform", edit: drop("OptPlatform") },
  { name: "an unknown parameter", edit: (query) => query.set("x", "%") },
  { name: "an unknown command", command: "Group.CallbackAfterNewThing" },
];

Deno.test("serve accepts every spelling of an authentic query", async (t) => {
  await using server = await startServer();
  const kept = new KeptReader(server);
  for (const { name, ...changes } of ACCEPTED_ROWS) {
    await t.step(name, async () => {
      const answer = await server.send({ ...changes, body: bodyOf() });
      await assertAck(answer, { code: 0, info: "" });
      assertEquals(await kept.count(), { journal: 1, quarantine: 0 });
    });
  }
});

const lower = (name: string) => name.toLowerCase();
const upper = (name: string) => name.toUpperCase();

function rename(query: URLSearchParams, spell: (name: string) => string): void {
  for (const [name, value] of [...query]) {
    query.delete(name);
    query.append(spell(name), value);
  }
}
