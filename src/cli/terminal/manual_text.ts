/** Columns that a page may take on a terminal. */
const WIDTH = 80;
const INDENT = "    ";

/**
 * A page of the manual as plain text for a terminal: links become commands, tables that are too
 * wide become lists.
 */
export function manualText(
  markdown: string,
  { lang = "en" }: { readonly lang?: string } = {},
): string {
  return markdown.split(/^(```[^]*?^```$)/m)
    .map((part) => part.startsWith("```") ? part : plainText(part, lang))
    .join("")
    .trim();
}

function plainText(prose: string, lang: string): string {
  return prose
    .replace(/^<img [^>]*>\n?/gm, "")
    .replace(LINK_REGEXP, (_, text, target) => linkText(text, target, lang))
    .replace(/^(\|.*\n)+/gm, tableText)
    .replace(/\n{3,}/g, "\n\n");
}

const LINK_REGEXP = /\[([^\]]+)\]\(([^)\s]+)\)/g;

/** `[deploy](deploy.md)` as `deploy (imhook help deploy)`; a link within the page as its text. */
function linkText(text: string, target: string, lang: string): string {
  const [, up, topic] = /^(\.\.\/)?(\w+)\.md/.exec(target) ?? [];
  if (topic === undefined) {
    return /^https?:/.test(target) ? `${text} (${target})` : text;
  }
  // Beside a translated page lie translated ones, above it the English.
  const flag = lang === "en" || up !== undefined ? "" : `--lang ${lang} `;
  return `${text} (imhook help ${flag}${topic})`;
}

/** A Markdown table: aligned where it fits, else one block a row. */
function tableText(table: string): string {
  const [header = [], , ...rows] = table.trimEnd().split("\n").map(cellsOf);
  const widths = header.map((_, column) =>
    Math.max(...[header, ...rows].map((row) => widthOf(row[column] ?? "")))
  );
  const total = widths.reduce((sum, width) => sum + width + 2, -2);
  const lines = total <= WIDTH
    ? [header, widths.map((width) => "-".repeat(width)), ...rows].map((row) =>
      row.map((cell, column) => padded(cell, widths[column] ?? 0)).join("  ")
        .trimEnd()
    )
    : rows.flatMap((row) => blockOf(header, row));
  return `${lines.join("\n")}\n`;
}

/** Columns that a text takes: Chinese and Japanese characters take two. */
function widthOf(text: string): number {
  return text.length + (text.match(WIDE_REGEXP)?.length ?? 0);
}

const WIDE_REGEXP =
  /[\p{scx=Han}\p{scx=Hiragana}\p{scx=Katakana}\u3000-\u303f\uff01-\uff60]/gu;

function padded(text: string, width: number): string {
  return text + " ".repeat(Math.max(0, width - widthOf(text)));
}

function cellsOf(line: string): string[] {
  return line.split(/(?<!\\)\|/).slice(1, -1)
    .map((cell) => cell.trim().replaceAll("\\|", "|"));
}

/** A row as its first cell, and below it the others; of two columns the second needs no name. */
function blockOf(header: readonly string[], row: readonly string[]): string[] {
  const [first = "", ...others] = row;
  const named = others.flatMap((cell, index) => {
    if (cell === "" || cell === "–") return [];
    return others.length === 1 ? [cell] : [`${header[index + 1]}: ${cell}`];
  });
  return [first, ...named.flatMap((text) => wrapped(text)), ""];
}

/** A word with the blanks behind it, or one wide character with the punctuation that sticks to it. */
const WORD_REGEXP =
  /[\p{scx=Han}\p{scx=Hiragana}\p{scx=Katakana}][、。，；：）」]*\s*|(?:(?![\p{scx=Han}\p{scx=Hiragana}\p{scx=Katakana}])\S)+\s*/gu;

function wrapped(text: string): string[] {
  const lines: string[] = [];
  let line = INDENT;
  for (const word of text.match(WORD_REGEXP) ?? []) {
    if (widthOf(line + word.trimEnd()) > WIDTH && line.trim() !== "") {
      lines.push(line.trimEnd());
      line = INDENT;
    }
    line += word;
  }
  return [...lines, line.trimEnd()];
}
