import { STATUS_CODE } from "@std/http/status";

/** How bytes as received are answered. */
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
      "x-content-type-options": "nosniff",
    },
  });
}
