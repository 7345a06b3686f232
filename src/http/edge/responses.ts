import { STATUS_CODE } from "@std/http/status";
import * as v from "valibot";
import { withoutHalfPairs } from "../../base/portable_json.ts";

/** The header that names what is known already. */
export const IF_NONE_MATCH = v.strictObject({
  "If-None-Match": v.optional(
    v.pipe(v.string(), v.description("ETags, separated by commas")),
  ),
});

/** The header that an answer is known by. */
export const ETAG = { ETag: "Changes whenever the answer does" } as const;

/**
 * A JSON answer with an ETag, or 304 without a body when the request names it in If-None-Match.
 */
export function taggedJson(
  body: unknown,
  { request, version }: {
    readonly request: Request;
    /** Changes whenever the body does; letters and digits. */
    readonly version: string;
  },
): Response {
  const etag = `"${version}"`;
  const headers = { etag };
  if (!isNamed(etag, request)) return portableResponse(body, { headers });
  return new Response(null, { status: STATUS_CODE.NotModified, headers });
}

/** RFC 9110, 13.1.2: weak and strong tags of one value are the same here. */
function isNamed(etag: string, { headers }: Request): boolean {
  const tags = (headers.get("if-none-match") ?? "").split(",")
    .map((tag) => tag.trim().replace(/^W\//, ""));
  return tags.includes(etag) || tags.includes("*");
}

/** An answer of JSON that every parser takes, whatever texts callbacks held: as the feeds give them. */
export function portableResponse(
  body: unknown,
  { headers }: { readonly headers?: Readonly<Record<string, string>> } = {},
): Response {
  return new Response(withoutHalfPairs(JSON.stringify(body)), {
    headers: { "content-type": "application/json", ...headers },
  });
}

/** The answer that holds bytes as received. */
export const RAW_ANSWER = {
  status: STATUS_CODE.OK,
  description: "The bytes",
  contentType: "application/octet-stream",
  headers: { "Content-Disposition": "A name for the file" },
} as const;

/** Bytes from outside, served so that no browser takes them for a page. */
export function rawResponse(body: Uint8Array, fileName: string): Response {
  return new Response(new Uint8Array(body), {
    headers: {
      "content-type": RAW_ANSWER.contentType,
      "content-disposition": `attachment; filename="${fileName}"`,
    },
  });
}
