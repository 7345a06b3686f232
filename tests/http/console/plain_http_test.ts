import { assertEquals, assertMatch } from "@std/assert";
import { loginRoutes } from "../../../src/http/console/login.ts";
import { isFromPrivatePeer } from "../../../src/http/console/plain_http.ts";
import { createSessions } from "../../../src/http/edge/session.ts";

const TOKENS = { apiTokens: ["current"], readTokens: [], isSandbox: false };

Deno.test.each([
  ["127.0.0.1", {}, true],
  ["192.168.1.20", {}, true],
  ["fd00::1", {}, true],
  ["203.0.113.5", {}, false],
  ["169.254.169.254", {}, false],
  ["unknown", {}, false],
  ["10.0.0.1", { "x-forwarded-for": "10.0.0.2" }, false],
  ["10.0.0.1", { forwarded: "for=10.0.0.2" }, false],
  ["10.0.0.1", { via: "1.1 proxy" }, false],
])("isFromPrivatePeer() of %s with %o is %s", (address, headers, expected) => {
  const request = new Request("http://h/", { headers });

  assertEquals(isFromPrivatePeer(request, address), expected);
});

/** The cookie that a login from this address is given. */
async function cookieFor(address: string, hasPlain: boolean): Promise<string> {
  const [login] = loginRoutes({
    sessions: createSessions(TOKENS),
    plainSessions: hasPlain
      ? createSessions({ ...TOKENS, isPlain: true })
      : undefined,
  });
  const request = new Request("http://h/console/session", {
    method: "POST",
    body: JSON.stringify({ token: "current" }),
    headers: { "sec-fetch-site": "same-origin" },
  });
  const response = await login?.handle({
    request,
    params: {},
    query: new URLSearchParams(),
    clientIp: () => address,
  });
  return response?.headers.get("set-cookie") ?? "";
}

Deno.test("POST /console/session gives a plain session to private peers, where that is on", async () => {
  assertMatch(await cookieFor("10.1.2.3", true), /^imhook-plain=/);
  assertMatch(await cookieFor("203.0.113.5", true), /^__Host-imhook=/);
  assertMatch(await cookieFor("10.1.2.3", false), /^__Host-imhook=/);
});
