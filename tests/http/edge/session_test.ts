import { assertEquals, assertMatch } from "@std/assert";
import {
  createSessions,
  type Sessions,
  type SessionsOptions,
} from "../../../src/http/edge/session.ts";

const START_MS = Date.UTC(2026, 0, 2);
const HOUR_MS = 3_600_000;
const OPTIONS = {
  apiTokens: ["current", "previous"],
  readTokens: ["reader"],
  isSandbox: false,
  now: () => START_MS,
};

function sessions(changes: Partial<SessionsOptions> = {}): Sessions {
  return createSessions({ ...OPTIONS, ...changes });
}

/** What the cookie of a session under these options is worth under others. */
function worth(
  cookie: string | undefined,
  changes: Partial<SessionsOptions> = {},
): string | undefined {
  const [pair = ""] = (cookie ?? "").split(";");
  const request = new Request("http://h/", { headers: { cookie: pair } });
  return sessions(changes).rightOf(request);
}

Deno.test("open() gives a cookie that only our own pages send, and no script sees", () => {
  assertMatch(
    sessions().open("current") ?? "",
    /^__Host-imhook=\d+\.[0-9a-f]{32}\.[0-9a-f]{64}; Path=\/; HttpOnly; SameSite=Strict; Secure; Max-Age=43200$/,
  );
});

Deno.test("open() in the sandbox gives a plain name without Secure", () => {
  const cookie = sessions({ isSandbox: true }).open("current") ?? "";

  assertMatch(cookie, /^imhook=\d+\./);
  assertEquals(/secure/i.test(cookie), false);
});

Deno.test.each([
  ["current", "all"],
  ["previous", "all"],
  ["reader", "read"],
  ["", undefined],
  ["Current", undefined],
])("open() with the token %j gives a session that may %s", (token, right) => {
  assertEquals(worth(sessions().open(token)), right);
});

Deno.test.each([
  [{ apiTokens: ["new", "current"] }, "current"],
  [{ apiTokens: ["current"] }, "previous"],
  [{ apiTokens: ["new"] }, "reader"],
  [{ readTokens: ["other"] }, "reader"],
  [{ isSandbox: true }, "current"],
])(
  "rightOf() no longer knows a session after a change to %o",
  (changes, token) => {
    assertEquals(worth(sessions().open(token), changes), undefined);
  },
);

Deno.test.each([
  [12 * HOUR_MS - 1, "all"],
  [12 * HOUR_MS, undefined],
])("rightOf() after %i ms is %s", (ms, right) => {
  const cookie = sessions().open("current");

  assertEquals(worth(cookie, { now: () => START_MS + ms }), right);
});

Deno.test("rightOf() refuses what has been tampered with", () => {
  const [pair = ""] = (sessions().open("reader") ?? "").split(";");
  const end = /=(\d+)/.exec(pair)?.[1] ?? "";
  const forged = [
    pair.replace(end, String(Number(end) + 1)),
    pair.replace(/.$/, (last) => last === "0" ? "1" : "0"),
    pair.replace("__Host-imhook", "imhook"),
    pair.slice(0, -1),
    `${pair}0`,
    "__Host-imhook=",
    "__Host-imhook=99999999999.",
  ];

  for (const cookie of forged) assertEquals(worth(cookie), undefined, cookie);
});

Deno.test("rightOf() finds its cookie between others", () => {
  const [pair = ""] = (sessions().open("current") ?? "").split(";");

  assertEquals(worth(`a=b;x__Host-imhook=1; ${pair}`), undefined);
  const cookie = `a=b; x__Host-imhook=1; ${pair}; c=d`;
  const request = new Request("http://h/", { headers: { cookie } });
  assertEquals(sessions().rightOf(request), "all");
});

Deno.test("close() ends a session for good, and no other of the same second", async () => {
  const all = sessions();
  const [ours = "", theirs = ""] = [all.open("current"), all.open("current")]
    .map((cookie) => (cookie ?? "").split(";")[0]);
  const asking = (cookie: string) =>
    new Request("http://h/", { headers: { cookie } });
  const closing = await all.close(asking(ours));

  assertMatch(closing, /^__Host-imhook=; .*Max-Age=0$/);
  assertEquals(all.rightOf(asking(ours)), undefined);
  assertEquals(all.rightOf(asking(theirs)), "all");
});

Deno.test("open() of a plain session gives a name of its own, for an hour", () => {
  assertMatch(
    sessions({ isPlain: true }).open("current") ?? "",
    /^imhook-plain=\d+\.[0-9a-f]{32}\.[0-9a-f]{64}; Path=\/; HttpOnly; SameSite=Strict; Max-Age=3600$/,
  );
});

Deno.test("rightOf() of a plain session is to read, whatever its token may", () => {
  const cookie = sessions({ isPlain: true }).open("current");

  assertEquals(worth(cookie, { isPlain: true }), "read");
  assertEquals(
    worth(cookie, { isPlain: true, now: () => START_MS + HOUR_MS }),
    undefined,
  );
});

Deno.test("a plain session's cookie under the other name counts for nothing", () => {
  const plain = sessions({ isPlain: true, isSandbox: true }).open("current");
  const renamed = plain?.replace("imhook-plain=", "imhook=");

  assertEquals(worth(renamed, { isSandbox: true }), undefined);
});
