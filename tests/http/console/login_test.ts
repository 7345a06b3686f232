import { assertEquals } from "@std/assert";
import { LoginThrottle } from "../../../src/http/console/login_throttle.ts";
import { HttpError } from "../../../src/http/edge/errors.ts";
import { loginRoutes } from "../../../src/http/console/login.ts";

const sessions = {
  open: (token: string) => token === "right" ? "imhook=1" : undefined,
  closing: "imhook=; Max-Age=0",
};
const SAME = { "sec-fetch-site": "same-origin" };

interface Knock {
  readonly method?: string;
  readonly body?: string;
  readonly headers?: Record<string, string>;
  readonly address?: string;
}

/** A door that answers with `status cookie`. */
function door(
  attempts = new LoginThrottle(),
): (knock: Knock) => Promise<string> {
  const routes = loginRoutes({ sessions, attempts });
  return async ({ method = "POST", body, headers = SAME, address = "a" }) => {
    const request = new Request("http://h/console/session", {
      method,
      headers,
      ...(method === "POST" ? { body: body ?? '{"token":"right"}' } : {}),
    });
    const route = routes.find((one) => one.method === method);
    try {
      const response = await route?.handle({
        request,
        params: {},
        query: new URLSearchParams(),
        clientIp: () => address,
      });
      return `${response?.status} ${response?.headers.get("set-cookie")}`;
    } catch (error) {
      if (error instanceof HttpError) return String(error.status);
      throw error;
    }
  };
}

Deno.test("POST /console/session gives a cookie for the right token", async () => {
  assertEquals(await door()({}), "204 imhook=1");
});

Deno.test.each([
  ['{"token":"wrong"}', "401"],
  ['{"token":5}', "400"],
  ['{"token":"right","x":1}', "400"],
  ["{}", "400"],
  ["", "400"],
  ["[]", "400"],
  ["{", "400"],
  [`{"token":"${"x".repeat(70_000)}"}`, "413"],
])("POST /console/session answers %.30s with %s", async (body, expected) => {
  assertEquals(await door()({ body }), expected);
});

Deno.test.each([
  [{ "sec-fetch-site": "cross-site" }],
  [{ "sec-fetch-site": "same-site" }],
  [{ "sec-fetch-site": "none" }],
  [{ origin: "http://evil.example", host: "h" }],
  [{}],
])("/console/session refuses a request with %o", async (headers) => {
  assertEquals(await door()({ headers }), "403");
  assertEquals(await door()({ headers, method: "DELETE" }), "403");
});

Deno.test("DELETE /console/session ends the session", async () => {
  assertEquals(await door()({ method: "DELETE" }), "204 imhook=; Max-Age=0");
});

Deno.test("POST /console/session lets one address guess ten times, then slowly", async () => {
  let nowMs = 1_000_000;
  const knock = door(new LoginThrottle({ now: () => nowMs }));
  const wrong = { body: '{"token":"wrong"}' };
  for (let count = 0; count < 10; count++) {
    assertEquals(await knock(wrong), "401");
  }

  assertEquals(await knock(wrong), "429");
  assertEquals(await knock({}), "429", "even the right one has to wait");
  assertEquals(await knock({ address: "b" }), "204 imhook=1");
  nowMs += 3_000;
  assertEquals(await knock(wrong), "401");
  assertEquals(await knock(wrong), "429");
  nowMs += 3_000;
  assertEquals(await knock({}), "204 imhook=1");
});

Deno.test("Attempts forgets who guessed longest ago when there are too many", () => {
  const attempts = new LoginThrottle({
    burst: 1,
    maxAddresses: 2,
    now: () => 0,
  });
  for (const address of ["a", "b", "a", "c"]) attempts.fail(address);

  assertEquals(
    ["a", "b", "c"].map((address) => attempts.waitMs(address) > 0),
    [true, false, true],
  );
});
