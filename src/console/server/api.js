import { parseExactly } from "../parts/exact_json.js";
import { language, t } from "../texts/i18n.js";

/** An answer that is no success; status 0 where there was no answer. */
export class ApiError extends Error {
  name = "ApiError";

  constructor(status, detail, problem = {}) {
    super(detail);
    this.status = status;
    this.problem = problem;
  }
}

let onUnauthorized = () => {};

/** The token that was typed anew for changes; never kept longer than this page. */
let changesToken;

/**
 * Lets the page change things though its session may only read.
 *
 * @throws {ApiError} for a token that may not
 */
export async function unlockChanges(token) {
  const headers = { authorization: `Bearer ${token}` };
  const response = await request("/console/context.json", { headers });
  const { canWrite } = await response.json();
  if (!canWrite) throw new ApiError(403, t("unlock.refused"));
  changesToken = token;
}

/** Says what to do when the session has ended. */
export function whenUnauthorized(action) {
  onUnauthorized = action;
}

/**
 * Reads JSON.
 *
 * @throws {ApiError} for anything but a success
 */
export async function getJson(path, { signal } = {}) {
  return parseExactly(await (await request(path, { signal })).text());
}

/** Reads bytes; throws as `getJson` does. */
export async function getBytes(path, { signal } = {}) {
  return new Uint8Array(
    await (await request(path, { signal })).arrayBuffer(),
  );
}

/** Asks for a change; gives what was answered, if anything. Throws as `getJson` does. */
export async function change(method, path, body) {
  const response = await request(path, {
    method,
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const text = await response.text();
  return text === "" ? undefined : JSON.parse(text);
}

/** Opens a session; throws as `getJson` does, and the caller says why. */
export async function logIn(token) {
  await request("/console/session", {
    method: "POST",
    body: JSON.stringify({ token }),
  });
}

/** Ends the session. */
export async function logOut() {
  await request("/console/session", { method: "DELETE" });
}

/** The path of a group, below /v1. */
export function groupPath(sdkAppId, groupId) {
  // A URL resolves dots; with an empty parameter they stay.
  const segment = /^\.\.?$/.test(groupId)
    ? `${groupId};`
    : encodeURIComponent(groupId);
  return `/v1/groups/${sdkAppId}/${segment}`;
}

/** A query of what is there. */
export function search(params) {
  const given = Object.entries(params)
    .filter(([, value]) => value !== undefined && value !== "");
  return given.length === 0 ? "" : `?${new URLSearchParams(given)}`;
}

async function request(path, options) {
  // The page may speak another language than the browser.
  const headers = {
    ...options?.headers,
    "accept-language": language(),
    ...(changesToken !== undefined && options?.method !== undefined &&
      { authorization: `Bearer ${changesToken}` }),
  };
  const response = await fetch(path, { cache: "no-store", ...options, headers })
    .catch((error) => {
      if (error.name === "AbortError") throw error;
      throw new ApiError(0, "");
    });
  if (response.ok) return response;
  const problem = await response.json().catch(() => ({}));
  const isLogin = path === "/console/session";
  if (response.status === 401 && !isLogin) onUnauthorized();
  const detail = problem.detail ?? response.statusText;
  throw new ApiError(response.status, detail, problem);
}
