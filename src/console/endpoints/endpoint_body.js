import { signingOf } from "../parts/signing.js";

const LISTS = ["families", "commands", "sdkAppIds", "groupIds"];

/**
 * Request body from a form's values: for a new endpoint everything that was filled in, for one that is
 * there only what is another than before. What is sent counts as changed: a filter begins anew.
 *
 * @param {Record<string, string>} values without those that are empty
 * @param {object} [endpoint] as it is
 */
export function bodyOf(values, endpoint) {
  const wanted = wantedOf(values, endpoint);
  if (endpoint === undefined) return { ...wanted, ...startOf(values) };
  const { retrySeconds = null, ...before } = endpoint;
  const known = { ...before, retrySeconds };
  return Object.fromEntries(
    Object.entries(wanted).filter(([name, value]) =>
      name === "headers" ||
      JSON.stringify(value) !== JSON.stringify(known[name])
    ),
  );
}

function wantedOf(values, endpoint) {
  const { url, description = "", timeout, onExhausted, format } = values;
  const { concurrency } = values;
  const headers = headersOf(values);
  return {
    url,
    description,
    filter: filterOf(values, endpoint?.filter),
    ...(headers === undefined ? {} : { headers }),
    ...(timeout === undefined ? {} : { timeoutSeconds: Number(timeout) }),
    retrySeconds: retriesOf(values),
    onExhausted,
    ...(format === undefined ? {} : { format }),
    ...(format === "tencent" ? signingOf(values) : {}),
    ...(concurrency === undefined ? {} : { concurrency: Number(concurrency) }),
  };
}

/** Its fields stand in the order in which the server gives them, so that they can be compared. */
function filterOf(values, before = {}) {
  const filter = {
    commands: wordsOf(values.commands),
    families: wordsOf(values.families).map((word) => word.replace(/\.\*$/, "")),
    sdkAppIds: wordsOf(values.apps).map(Number),
    groupIds: linesOf(values.groups),
  };
  const isSame = LISTS.every((name) =>
    filter[name].join("\n") === before[name]?.join("\n")
  );
  return isSame ? before : filter;
}

/** Values are never shown: what is left empty stays as it is. */
function headersOf({ headers, dropsHeaders }) {
  if (dropsHeaders !== undefined) return {};
  if (headers === undefined) return undefined;
  return Object.fromEntries(
    linesOf(headers).map((line) => {
      const at = line.indexOf(":");
      const name = at < 0 ? line : line.slice(0, at);
      return [name.trim(), at < 0 ? "" : line.slice(at + 1).trim()];
    }),
  );
}

function retriesOf({ retries, retrySeconds }) {
  if (retries === "none") return [];
  return retries === "own" ? wordsOf(retrySeconds).map(Number) : null;
}

function startOf({ start, startNumber, startTime }) {
  if (start === "number") return { start: Number(startNumber) };
  if (start === "time") return { start: isoOf(startTime) };
  return { start };
}

/** The moment that a reader means by a date and a time of day. */
export function isoOf(local = "") {
  const time = new Date(local);
  return Number.isNaN(time.getTime()) ? local : time.toISOString();
}

function wordsOf(text = "") {
  return text.split(/[\s,]+/).filter((word) => word);
}

/** A group's ID may hold commas and spaces. */
function linesOf(text = "") {
  return text.split("\n").map((line) => line.trim()).filter((line) => line);
}
