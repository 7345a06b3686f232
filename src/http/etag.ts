import { STATUS_CODE } from "@std/http/status";

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
  const headers = { etag, "cache-control": "private, no-cache" };
  if (!isNamed(etag, request)) return Response.json(body, { headers });
  return new Response(null, { status: STATUS_CODE.NotModified, headers });
}

/** RFC 9110, 13.1.2: weak and strong tags of one value are the same here. */
function isNamed(etag: string, { headers }: Request): boolean {
  const tags = (headers.get("if-none-match") ?? "").split(",")
    .map((tag) => tag.trim().replace(/^W\//, ""));
  return tags.includes(etag) || tags.includes("*");
}
