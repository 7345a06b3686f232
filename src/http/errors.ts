import { STATUS_CODE, STATUS_TEXT, type StatusCode } from "@std/http/status";

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
  const known = error instanceof HttpError ? error : new HttpError(
    STATUS_CODE.InternalServerError,
    "Something failed on our side; the log says what",
  );
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
