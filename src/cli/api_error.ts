import { STATUS_CODE } from "@std/http/status";
import { printable } from "./terminal/printable.ts";

/** The server refused a request, and said why. */
export class ApiError extends Error {
  override name = "ApiError";
  readonly status: number;
  /** The problem's members. */
  readonly fields: Readonly<Record<string, unknown>>;
  readonly retryAfterSec: number | undefined;

  constructor(
    message: string,
    { status, fields, retryAfterSec }: Pick<
      ApiError,
      "status" | "fields" | "retryAfterSec"
    >,
  ) {
    super(message);
    this.status = status;
    this.fields = fields;
    this.retryAfterSec = retryAfterSec;
  }
}

/** There was no answer, or it broke off. */
export class UnreachableError extends Error {
  override name = "UnreachableError";
}

/** What a response says that is not what was asked for. */
export async function apiError(response: Response): Promise<ApiError> {
  const { status, headers } = response;
  const fields = problemOf(await response.text());
  const retryAfter = headers.get("retry-after") ?? "";
  const detail = typeof fields.detail === "string"
    ? printable(fields.detail)
    : "this is no answer of imhook; is --url right?";
  const hint = status === STATUS_CODE.Unauthorized
    ? " (IMHOOK_API_TOKEN is not this server's token)"
    : "";
  return new ApiError(`The server answered ${status}: ${detail}${hint}`, {
    status,
    fields,
    retryAfterSec: /^\d{1,4}$/.test(retryAfter)
      ? Number(retryAfter)
      : undefined,
  });
}

function problemOf(text: string): Record<string, unknown> {
  try {
    const problem: unknown = JSON.parse(text);
    return typeof problem === "object" && problem !== null
      ? { ...problem }
      : {};
  } catch {
    // A proxy's page: the status has to do.
    return {};
  }
}
