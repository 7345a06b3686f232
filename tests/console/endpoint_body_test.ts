import { assertEquals } from "@std/assert";

const url = new URL(
  "../../src/console/endpoints/endpoint_body.js",
  import.meta.url,
);
const { bodyOf } = await import(url.href);

const ENDPOINT = {
  id: "e1",
  url: "https://a.example/",
  description: "Ours",
  filter: {
    commands: ["C.A"],
    families: ["Group"],
    sdkAppIds: [1],
    groupIds: ["g, 1"],
  },
  headers: ["x-key"],
  timeoutSeconds: 10,
  retrySeconds: [5, 60],
  onExhausted: "hold",
};

/** What the form of that endpoint holds when it is opened. */
const VALUES = {
  url: "https://a.example/",
  description: "Ours",
  families: "Group",
  commands: "C.A",
  apps: "1",
  groups: "g, 1",
  timeout: "10",
  retries: "own",
  retrySeconds: "5, 60",
  onExhausted: "hold",
};

Deno.test("bodyOf() of a form that nobody has touched changes nothing", () => {
  assertEquals(bodyOf(VALUES, ENDPOINT), {});
  const { retrySeconds: _, ...usual } = ENDPOINT;
  assertEquals(bodyOf({ ...VALUES, retries: "usual" }, usual), {});
});

Deno.test.each<[Record<string, string>, Record<string, unknown>]>([
  [{ description: "Theirs" }, { description: "Theirs" }],
  [{ url: "https://b.example/" }, { url: "https://b.example/" }],
  [{ timeout: "2.5" }, { timeoutSeconds: 2.5 }],
  [{ retries: "usual" }, { retrySeconds: null }],
  [{ retries: "none" }, { retrySeconds: [] }],
  [{ retrySeconds: "5 60,600" }, { retrySeconds: [5, 60, 600] }],
  [{ onExhausted: "dead-letter" }, { onExhausted: "dead-letter" }],
  [{ families: "Group.*, C2C" }, {
    filter: { ...ENDPOINT.filter, families: ["Group", "C2C"] },
  }],
  [{ groups: "g, 1\n @TGS#2 \n" }, {
    filter: { ...ENDPOINT.filter, groupIds: ["g, 1", "@TGS#2"] },
  }],
  [{ headers: "X-Key: a: b\n\nOther:" }, {
    headers: { "X-Key": "a: b", Other: "" },
  }],
  [{ dropsHeaders: "on" }, { headers: {} }],
])("bodyOf() with %j sends that alone", (changes, body) => {
  assertEquals(bodyOf({ ...VALUES, ...changes }, ENDPOINT), body);
});

Deno.test("bodyOf() takes away what is emptied", () => {
  const { apps: _, groups: __, description: ___, ...rest } = VALUES;

  assertEquals(bodyOf(rest, ENDPOINT), {
    description: "",
    filter: { ...ENDPOINT.filter, sdkAppIds: [], groupIds: [] },
  });
});

Deno.test.each<[Record<string, string>, unknown]>([
  [{ start: "now" }, "now"],
  [{ start: "first", startNumber: "7" }, "first"],
  [{ start: "number", startNumber: "7" }, 7],
  [
    { start: "time", startTime: "2026-11-22T08:00" },
    new Date(2026, 10, 22, 8).toISOString(),
  ],
])("bodyOf() of a new endpoint with %j starts at %j", (values, start) => {
  const given = {
    url: "https://a.example/",
    timeout: "10",
    retries: "usual",
    onExhausted: "hold",
    ...values,
  };

  assertEquals(bodyOf(given), {
    url: "https://a.example/",
    description: "",
    filter: { commands: [], families: [], sdkAppIds: [], groupIds: [] },
    timeoutSeconds: 10,
    retrySeconds: null,
    onExhausted: "hold",
    start,
  });
});

Deno.test("bodyOf() asks for Tencent's format with its signer and concurrency", () => {
  const values = {
    ...VALUES,
    format: "tencent",
    token: "a-token-of-mine",
    signWithAppToken: "on",
    concurrency: "8",
  };
  const known = {
    ...ENDPOINT,
    format: "cloudevents",
    signWithAppToken: false,
    concurrency: 1,
  };

  assertEquals(bodyOf(values, known), {
    format: "tencent",
    token: "a-token-of-mine",
    signWithAppToken: true,
    concurrency: 8,
  });
});
