import { STATUS_CODE, STATUS_TEXT, type StatusCode } from "@std/http/status";
import { StoreSilentError } from "../../store/kv/deadline.ts";

/** A refusal with a status; its detail and fields are safe to show. */
export class HttpError extends Error {
  override name = "HttpError";
  readonly status: StatusCode;
  readonly fields: Readonly<Record<string, unknown>>;
  readonly headers: Readonly<Record<string, string>>;

  constructor(
    status: StatusCode,
    detail: string,
    { fields = {}, headers = {} }: {
      readonly fields?: Readonly<Record<string, unknown>>;
      readonly headers?: Readonly<Record<string, string>>;
    } = {},
  ) {
    super(detail);
    this.status = status;
    this.fields = fields;
    this.headers = headers;
  }
}

/** Any error as `application/problem+json` (RFC 9457); of an unexpected one nothing is told. */
export function problemResponse(error: unknown): Response {
  const known = error instanceof HttpError ? error : ourFault(error);
  const problem = {
    type: "about:blank",
    title: STATUS_TEXT[known.status],
    status: known.status,
    detail: known.message,
    ...known.fields,
  };
  return new Response(JSON.stringify(problem), {
    status: known.status,
    headers: { "content-type": "application/problem+json", ...known.headers },
  });
}

/** SQLite's message when there is no room; it goes on by itself once there is. */
const DISK_FULL_REGEXP = /database or disk is full/;
const DISK_FULL_RETRY_SEC = 10;
const SILENT_RETRY_SEC = 2;

function ourFault(error: unknown): HttpError {
  if (error instanceof StoreSilentError) {
    return new HttpError(STATUS_CODE.ServiceUnavailable, error.message, {
      headers: { "retry-after": String(SILENT_RETRY_SEC) },
    });
  }
  if (!DISK_FULL_REGEXP.test(String(error))) {
    return new HttpError(
      STATUS_CODE.InternalServerError,
      "Something failed on our side; the log says what",
    );
  }
  return new HttpError(
    STATUS_CODE.ServiceUnavailable,
    "Store: the disk is full; it works again once space is freed",
    { headers: { "retry-after": String(DISK_FULL_RETRY_SEC) } },
  );
}
