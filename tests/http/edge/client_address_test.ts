import { assertEquals } from "@std/assert";
import { createClientAddress } from "../../../src/http/edge/client_address.ts";

const TRUSTED = ["127.0.0.1", "10.0.0.0/8", "::1"];

/** The sender of a request from this peer with these X-Forwarded-For headers. */
function addressOf(
  peer: string,
  forwarded: readonly string[],
  trusted = TRUSTED,
): string {
  const request = new Request("http://h/");
  for (const value of forwarded) {
    request.headers.append("x-forwarded-for", value);
  }
  return createClientAddress(trusted)(request, {
    remoteAddr: { transport: "tcp", hostname: peer, port: 1 },
  });
}

Deno.test.each<[string, string[], string]>([
  ["203.0.113.9", [], "203.0.113.9"],
  ["203.0.113.9", ["198.51.100.1"], "203.0.113.9"],
  ["127.0.0.1", [], "127.0.0.1"],
  ["127.0.0.1", ["198.51.100.1"], "198.51.100.1"],
  ["::1", ["2001:db8::5"], "2001:db8::5"],
  ["127.0.0.1", ["1.1.1.1, 198.51.100.1"], "198.51.100.1"],
  ["127.0.0.1", ["198.51.100.1,10.0.0.7 , 10.1.0.7"], "198.51.100.1"],
  ["127.0.0.1", ["1.1.1.1", "198.51.100.1", "10.0.0.7"], "198.51.100.1"],
  ["127.0.0.1", ["10.0.0.8, 10.0.0.7"], "10.0.0.8"],
  ["127.0.0.1", ["198.51.100.1:4711"], "198.51.100.1"],
  ["127.0.0.1", ["[2001:db8::5]:4711"], "2001:db8::5"],
  ["127.0.0.1", ["[2001:db8::5]"], "2001:db8::5"],
  ["127.0.0.1", ["198.51.100.1, unknown, 10.0.0.7"], "10.0.0.7"],
  ["127.0.0.1", ["198.51.100.1, <script>"], "127.0.0.1"],
  ["127.0.0.1", [""], "127.0.0.1"],
  ["127.0.0.1", [",,,"], "127.0.0.1"],
])(
  "createClientAddress() of peer %s with %j is %s",
  (peer, forwarded, expected) => {
    assertEquals(addressOf(peer, forwarded), expected);
  },
);

Deno.test("createClientAddress() reads no more than the last 2,048 characters", () => {
  const trusted = Array(2_048 / 8).fill("10.0.0.7").join(",");

  assertEquals(addressOf("127.0.0.1", [trusted]), "10.0.0.7");
  assertEquals(
    addressOf("127.0.0.1", [`198.51.100.1${",10.0.0.7".repeat(400)}`]),
    "10.0.0.7",
  );
});

Deno.test("createClientAddress() believes nobody when none is trusted", () => {
  assertEquals(addressOf("127.0.0.1", ["198.51.100.1"], []), "127.0.0.1");
});

Deno.test.each([
  [TRUSTED, "unix"],
  [[...TRUSTED, "unix"], "198.51.100.1"],
  [["unix"], "198.51.100.1"],
])("createClientAddress() with %j takes %s behind a unix socket", (...row) => {
  const [trusted, expected] = row;
  const clientAddress = createClientAddress(trusted);
  const request = new Request("http://h/", {
    headers: { "x-forwarded-for": "198.51.100.1" },
  });

  assertEquals(
    clientAddress(request, { remoteAddr: { transport: "unix", path: "/s" } }),
    expected,
  );
});
