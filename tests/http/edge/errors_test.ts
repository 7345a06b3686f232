import { assertEquals, assertStringIncludes } from "@std/assert";
import { HttpError, problemResponse } from "../../../src/http/edge/errors.ts";
import { assertProblem } from "../../support/http/api_fixture.ts";

Deno.test("problemResponse() tells what an HttpError says", async () => {
  const response = problemResponse(
    new HttpError(409, "after: the journal ends at 5", {
      fields: { first: 1, last: 5 },
      headers: { allow: "GET" },
    }),
  );

  assertEquals(response.headers.get("allow"), "GET");
  assertEquals(await assertProblem(response, 409), {
    type: "about:blank",
    title: "Conflict",
    status: 409,
    detail: "after: the journal ends at 5",
    first: 1,
    last: 5,
  });
});

Deno.test.each([
  { error: new Error("/var/lib/imhook: secret"), name: "an Error" },
  { error: new TypeError("secret"), name: "a TypeError" },
  { error: { status: 200, message: "secret" }, name: "an object" },
  { error: "secret", name: "a string" },
  { error: undefined, name: "nothing" },
])(
  "problemResponse() tells nothing of $name that is unexpected",
  async ({ error }) => {
    const response = problemResponse(error);
    const problem = await assertProblem(response, 500);

    assertEquals(problem, {
      type: "about:blank",
      title: "Internal Server Error",
      status: 500,
      detail: "Something failed on our side; the log says what",
    });
  },
);

Deno.test("problemResponse() says that the disk is full, and when to come again", async () => {
  const error = new TypeError("database or disk is full: Error code 13");
  const response = problemResponse(error);

  assertEquals(response.status, 503);
  assertEquals(response.headers.get("retry-after"), "10");
  assertStringIncludes((await response.json()).detail, "the disk is full");
});
