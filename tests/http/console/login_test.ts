import { assertEquals } from "@std/assert";
import { HttpError } from "../../../src/http/edge/errors.ts";
import { Guesses } from "../../../src/http/edge/guesses.ts";
import { loginRoutes } from "../../../src/http/console/login.ts";

const sessions = {
  open: (token: string) => token === "right" ? "imhook=1" : undefined,
  close: () => Promise.resolve("imhook=; Max-Age=0"),
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
  guesses = new Guesses(),
): (knock: Knock) => Promise<string> {
  const routes = loginRoutes({ sessions, guesses });
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

Deno.test("POST /console/session slows guessing down, and never the right token", async () => {
  const waits: number[] = [];
  let wrongs = 0;
  const knock = door(
    new Guesses({
      now: () => 1_000_000,
      wait: (ms) => {
        waits.push(ms);
        return Promise.resolve();
      },
      onWrong: () => wrongs++,
    }),
  );
  const wrong = { body: '{"token":"wrong"}' };
  for (let count = 0; count < 12; count++) {
    assertEquals(await knock(wrong), "401");
  }

  assertEquals(waits, [2_000, 2_000]);
  assertEquals(wrongs, 12);
  assertEquals(await knock({}), "204 imhook=1");
  assertEquals(waits.length, 2);
});
