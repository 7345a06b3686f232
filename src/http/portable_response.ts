import { withoutHalfPairs } from "../base/portable_json.ts";

/** An answer of JSON that every parser takes, whatever texts callbacks held: as the feeds give them. */
export function portableResponse(
  body: unknown,
  { headers }: { readonly headers?: Readonly<Record<string, string>> } = {},
): Response {
  return new Response(withoutHalfPairs(JSON.stringify(body)), {
    headers: { "content-type": "application/json", ...headers },
  });
}
