import { signingOf } from "../parts/signing.js";

/**
 * The settings that a form's values ask of the API.
 *
 * @param {Record<string, string>} values without those that are empty
 * @param {object} [decider] as it is
 */
export function bodyOf(values, decider) {
  const { name, by, url, answer = "", timeoutMs, onFailure } = values;
  return {
    ...(decider === undefined ? { name } : {}),
    ...(by === "url" ? { url } : { answer: JSON.parse(answer) }),
    commands: wordsOf(values.commands),
    families: wordsOf(values.families).map((word) => word.replace(/\.\*$/, "")),
    sdkAppIds: wordsOf(values.apps).map(Number),
    timeoutMs: Number(timeoutMs),
    onFailure,
    ...(by === "url" ? signingOf(values) : {}),
  };
}

function wordsOf(text = "") {
  return text.split(/[\s,]+/).filter((word) => word);
}
