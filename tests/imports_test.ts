import { assertEquals } from "@std/assert";
import { fromFileUrl, join } from "@std/path";

/**
 * The house, lowest level first. A file may import its own room and lower levels; rooms of one level
 * never import each other. A nested list is the inside of a folder, whose own files are its top.
 */
type Level = readonly (string | readonly [folder: string, inside: House])[];
type House = readonly Level[];

const HOUSE: House = [
  ["base"],
  ["config", "metrics"],
  ["protocol"],
  [["store", [
    ["kv"],
    ["journal"],
    ["quarantine"],
    ["writer"],
    ["lanes"],
    ["file"],
  ]]],
  [
    "ingest",
    ["directory", [["fold"], ["rows"], ["projector"]]],
    ["delivery", [["endpoint"], ["outbound"], ["worker", "decider"]]],
  ],
  [["reconcile", [["api"], ["phases", "stand_in"]]], "retention"],
  [["http", [
    ["edge"],
    ["callback", "feeds", "groups"],
    [
      "console",
      "deciders",
      "endpoints",
      ["health", [["alerts", "checks"]]],
      "journal",
      "reconcile",
    ],
  ]]],
  [["cli", [
    ["terminal"],
    ["client"],
    [
      "deciders",
      "doctor",
      "endpoints",
      "groups",
      "journal",
      "quarantine",
      "reconcile",
      "serve",
      "status",
      "trigger",
    ],
  ]]],
];
/** Folders without TypeScript, embedded as text by these alone. */
const TEXT_FOLDERS = ["console", "manual"];
const TEXT_READERS = ["http", "cli"];
/** Above it a folder is a corridor. */
const FOLDER_MAX_FILES = 18;

/** Statements, `import("…")` also of a type, and a file named by its place beside this one. */
const STATEMENT_REGEXP =
  /^(?:import|export)\s(?:[^"';]*?\sfrom\s+)?"([^"]+)"|\bimport\(\s*([^)]*)\)|\bnew URL\(\s*([^)]*?),\s*import\.meta\.url|\bimport\.meta\.resolve\(\s*([^)]*)\)/gm;
const BANNED_NAME_REGEXP = /^(index|mod|utils|helpers|types|common)\.tsx?$/;
const FILE_NAME_REGEXP = /^[a-z][a-z0-9]*(_[a-z0-9]+)*(\.d)?\.ts$/;

const TESTS = fromFileUrl(new URL(".", import.meta.url));
/** Folders of tests that mirror no room. */
const OWN_TEST_FOLDERS = ["bench", "scenario", "support", "testdata"];
const SRC = fromFileUrl(new URL("../src", import.meta.url));
const { imports } = JSON.parse(
  Deno.readTextFileSync(new URL("../deno.json", import.meta.url)),
) as { imports: Record<string, string> };

interface SourceFile {
  /** Path below src, such as "store/keys.ts". */
  readonly path: string;
  readonly text: string;
}

interface Import {
  /** Path below src of the file that imports. */
  readonly from: string;
  readonly specifier: string;
}

function readSources(folder = ""): SourceFile[] {
  return [...Deno.readDirSync(join(SRC, folder))].flatMap((entry) => {
    const path = folder === "" ? entry.name : `${folder}/${entry.name}`;
    if (entry.isDirectory) return readSources(path);
    if (!/\.[jt]sx?$/.test(path)) return [];
    return [{ path, text: Deno.readTextFileSync(join(SRC, path)) }];
  });
}

/** Paths of all folders below one, relative to it. */
function listFolders(top: string, folder = ""): string[] {
  return [...Deno.readDirSync(join(top, folder))].flatMap((entry) => {
    if (!entry.isDirectory) return [];
    const path = folder === "" ? entry.name : `${folder}/${entry.name}`;
    return [path, ...listFolders(top, path)];
  });
}

/** The code with its comments blanked, so that line numbers stay. */
function withoutComments(text: string): string {
  return text.replace(
    /\/\*[\s\S]*?\*\/|^\s*\/\/.*$/gm,
    (comment) => comment.replace(/[^\n]/g, ""),
  );
}

function importsOf({ path, text }: SourceFile): Import[] {
  return [...text.matchAll(STATEMENT_REGEXP)].map(([, name, ...others]) => ({
    from: path,
    specifier: name ?? others.find((one) => one !== undefined)
      ?.replaceAll('"', "").replace(/,$/, "").trim() ??
      "",
  }));
}

function isLocal({ specifier }: Import): boolean {
  return specifier.startsWith(".") || specifier.startsWith("/");
}

/** The path below src that a local import means; it begins with ".." outside. */
function targetOf({ from, specifier }: Import): string {
  const url = new URL(specifier, `file:///src/${from}`).pathname;
  return url.startsWith("/src/") ? url.slice("/src/".length) : `..${url}`;
}

function folderOf(path: string): string {
  return path.includes("/") ? path.slice(0, path.indexOf("/")) : "";
}

function mayImport(from: string, to: string): boolean {
  if (TEXT_FOLDERS.includes(folderOf(to))) {
    return TEXT_READERS.includes(folderOf(from));
  }
  return mayImportWithin(HOUSE, from, to);
}

/** True when `from` may import `to`, both paths relative to the folder that this house describes. */
function mayImportWithin(house: House, from: string, to: string): boolean {
  const [source, target] = [placeIn(house, from), placeIn(house, to)];
  if (source === undefined || target === undefined) return false;
  if (source.room !== target.room) return target.level < source.level;
  const { room, inside } = source;
  if (inside === undefined || room === "") return true;
  const behind = room.length + 1;
  return mayImportWithin(inside, from.slice(behind), to.slice(behind));
}

interface Place {
  readonly room: string;
  readonly level: number;
  readonly inside: House | undefined;
}

/** Where a path stands: its level and room; a folder's own files are the level above its rooms. */
function placeIn(house: House, path: string): Place | undefined {
  const name = folderOf(path) || path;
  for (const [level, rooms] of house.entries()) {
    for (const entry of rooms) {
      const [room, inside] = typeof entry === "string" ? [entry] : entry;
      if (room === name) return { room, level, inside };
    }
  }
  const isTop = house !== HOUSE && folderOf(path) === "";
  return isTop
    ? { room: "", level: house.length, inside: undefined }
    : undefined;
}

/** Paths of all rooms, those within others among them. */
function roomsOf(house: House, folder = ""): string[] {
  return house.flat().flatMap((entry) => {
    const [name, inside] = typeof entry === "string" ? [entry, []] : entry;
    return [folder + name, ...roomsOf(inside, `${folder}${name}/`)];
  });
}

/** One circle of imports that each file of `graph` stands in, if any: shortest first found. */
function circlesIn(graph: ReadonlyMap<string, readonly string[]>): string[] {
  const done = new Set<string>();
  const circles: string[] = [];
  const visit = (path: string, way: readonly string[]): void => {
    const start = way.indexOf(path);
    if (start >= 0) circles.push([...way.slice(start), path].join(" -> "));
    if (start >= 0 || done.has(path)) return;
    for (const next of graph.get(path) ?? []) visit(next, [...way, path]);
    done.add(path);
  };
  for (const path of graph.keys()) visit(path, []);
  return circles;
}

/** What a check found, one text for each place. */
function placesOf(pattern: RegExp, sources: readonly SourceFile[]): string[] {
  return sources.flatMap(({ path, text }) =>
    text.split("\n").flatMap((line, index) =>
      pattern.test(line) ? [`${path}:${index + 1}: ${line.trim()}`] : []
    )
  );
}

/** The page's modules are text to the rest, and to these checks another language. */
const isPage = ({ path }: SourceFile) => TEXT_FOLDERS.includes(folderOf(path));
const [PAGE, SOURCES] = partition(readSources(), isPage);
const PAGE_IMPORTS = PAGE.flatMap(importsOf);
const IMPORTS = SOURCES.flatMap(importsOf);
const LOCAL_IMPORTS = IMPORTS.filter(isLocal);

function partition<T>(
  all: readonly T[],
  isFirst: (one: T) => boolean,
): [T[], T[]] {
  return [all.filter(isFirst), all.filter((one) => !isFirst(one))];
}

Deno.test("importsOf() finds every form of import", () => {
  const text = [
    'import "./a.ts";',
    'import * as b from "./b.ts";',
    'import {\n  c,\n  type D,\n} from "./c.ts";',
    'export { e } from "./e.ts";',
    'import type { F } from "./f.ts";',
    'import page from "./g.html" with { type: "text" };',
    'const h = await import("./h.ts");',
    'type I = import("./i.ts").I;',
    'new Worker(new URL("./j.ts", import.meta.url));',
    'import.meta.resolve("./k.ts");',
    "await import(name);",
    ' * import { x } from "./comment.ts";',
    'export const TEXT = "./text.ts";',
  ].join("\n");

  assertEquals(
    importsOf({ path: "x.ts", text }).map(({ specifier }) => specifier),
    [..."abcef", "g.html", ..."hijk"].map((name) =>
      name.length > 1 ? `./${name}` : `./${name}.ts`
    ).concat("name"),
  );
});

Deno.test.each([
  ["store/writer/writer.ts", "store/kv/keys.ts", true],
  ["store/kv/keys.ts", "store/writer/writer.ts", false],
  ["store/open.ts", "store/file/path.ts", true],
  ["store/file/path.ts", "store/open.ts", false],
  ["store/writer/writer.ts", "base/event.ts", true],
  ["base/event.ts", "base/log.ts", true],
  ["base/log.ts", "metrics/metrics.ts", false],
  ["config/config.ts", "config/settings.ts", true],
  ["config/config.ts", "metrics/metrics.ts", false],
  ["config/config.ts", "protocol/sign.ts", false],
  ["protocol/sign.ts", "store/kv/keys.ts", false],
  ["store/open.ts", "directory/rows/row.ts", false],
  ["store/journal/page.ts", "delivery/endpoint/endpoint.ts", false],
  ["delivery/worker/worker.ts", "directory/fold/fold.ts", false],
  ["delivery/worker/worker.ts", "delivery/decider/decider.ts", false],
  ["delivery/outbound/deliver.ts", "delivery/endpoint/endpoint.ts", true],
  ["directory/fold/fold.ts", "directory/rows/row.ts", false],
  ["directory/fold/fold.ts", "store/kv/kv.ts", true],
  ["http/groups/list.ts", "http/feeds/feed.ts", false],
  ["http/groups/list.ts", "http/edge/route.ts", true],
  ["http/health/gauges.ts", "http/feeds/readers.ts", true],
  ["http/health/gauges.ts", "http/journal/routes.ts", false],
  ["http/health/stats.ts", "http/health/alerts/alert.ts", true],
  ["http/health/alerts/alert.ts", "http/health/stats.ts", false],
  ["http/health/alerts/alert.ts", "http/health/checks/route.ts", false],
  ["reconcile/phases/pass.ts", "reconcile/api/rest.ts", true],
  ["reconcile/phases/pass.ts", "reconcile/stand_in/reads.ts", false],
  ["http/app.ts", "http/groups/list.ts", true],
  ["http/app.ts", "console/page.html", true],
  ["cli/trigger/send.ts", "cli/journal/tail.ts", false],
  ["store/open.ts", "manual/deploy.md", false],
  ["http/app.ts", "../tests/x.ts", false],
  ["other/x.ts", "base/event.ts", false],
  ["config.ts", "base/event.ts", false],
])("mayImport() of %s to %s is %s", (from, to, expected) => {
  assertEquals(mayImport(from, to), expected);
});

Deno.test("circlesIn() finds a circle, a longer one and a file that imports itself", () => {
  const graph = new Map([
    ["a", ["b"]],
    ["b", ["a", "c"]],
    ["c", ["c"]],
    ["d", ["e"]],
    ["e", ["f"]],
    ["f", ["d", "a"]],
  ]);

  assertEquals(circlesIn(graph), ["a -> b -> a", "c -> c", "d -> e -> f -> d"]);
});

Deno.test("every import stays in its folder or points to a lower rank", () => {
  const upward = LOCAL_IMPORTS.filter((row) =>
    !mayImport(row.from, targetOf(row))
  );

  assertEquals(upward, []);
});

Deno.test("every local import names an existing file with its extension", () => {
  const paths = new Set(SOURCES.map(({ path }) => path));
  const missing = LOCAL_IMPORTS.filter((row) => {
    const target = targetOf(row);
    return !paths.has(target) && !TEXT_FOLDERS.includes(folderOf(target)) &&
      !target.endsWith(".service");
  });

  assertEquals(missing, []);
});

Deno.test("the console's modules import each other alone, by names that exist", () => {
  const paths = new Set(PAGE.map(({ path }) => path));
  const strays = PAGE_IMPORTS.filter((row) =>
    !isLocal(row) || !paths.has(targetOf(row))
  );

  assertEquals(strays, []);
});

Deno.test("every package is imported by its name in deno.json", () => {
  const known = new Set(Object.keys(imports));
  const foreign = IMPORTS.filter((row) =>
    !isLocal(row) && !row.specifier.startsWith("node:") &&
    !known.has(row.specifier)
  );

  assertEquals(foreign, []);
});

Deno.test("every source file is named after a thing, in snake case", () => {
  const names = SOURCES.map(({ path }) =>
    path.slice(path.lastIndexOf("/") + 1)
  );
  const bad = names.filter((name) =>
    BANNED_NAME_REGEXP.test(name) || !FILE_NAME_REGEXP.test(name)
  );

  assertEquals(bad, []);
});

Deno.test("every source file lies in a room of the house", () => {
  const strays = SOURCES.filter(({ path }) => !mayImport(path, path));

  assertEquals(strays.map(({ path }) => path), []);
});

Deno.test("every folder of sources is a room of the house, and each room is there", () => {
  const folders = listFolders(SRC).filter((folder) =>
    !TEXT_FOLDERS.includes(folderOf(`${folder}/`))
  );

  assertEquals(folders.toSorted(), roomsOf(HOUSE).toSorted());
});

Deno.test("the program begins in the command line, and nothing is imported from beside src", () => {
  const text = Deno.readTextFileSync(new URL("../main.ts", import.meta.url));
  const paths = importsOf({ path: "../main.ts", text }).map(targetOf);
  const outside = LOCAL_IMPORTS.map(targetOf)
    .filter((path) => path.startsWith(".."));

  assertEquals(paths.filter((path) => folderOf(path) !== "cli"), []);
  assertEquals(outside, []);
});

Deno.test("no files import each other in a circle, types among them", () => {
  const graph = Map.groupBy(LOCAL_IMPORTS, ({ from }) => from);
  const targets = [...graph].map(([from, rows]) =>
    [from, rows.map(targetOf)] as const
  );

  assertEquals(circlesIn(new Map(targets)), []);
});

Deno.test("no folder has grown into a corridor", () => {
  const sizes = ["", ...listFolders(SRC)].map((folder) => {
    const entries = [...Deno.readDirSync(join(SRC, folder))];
    return { folder, files: entries.filter(({ isFile }) => isFile).length };
  });

  assertEquals(sizes.filter(({ files }) => files > FOLDER_MAX_FILES), []);
});

Deno.test("every folder of tests is a room of the house, or one of its own", () => {
  const rooms = new Set(
    readSources().flatMap(({ path }) =>
      path.split("/").slice(0, -1).map((_, at, all) =>
        all.slice(0, at + 1).join("/")
      )
    ),
  );
  const strays = listFolders(TESTS).filter((folder) =>
    !rooms.has(folder) && !OWN_TEST_FOLDERS.includes(folderOf(`${folder}/`))
  );

  assertEquals(strays, []);
});

Deno.test("Deno KV and its types are touched in store/kv alone", () => {
  const elsewhere = SOURCES.filter(({ path }) => !path.startsWith("store/kv/"));
  const code = elsewhere.map(({ path, text }) => ({
    path,
    text: withoutComments(text),
  }));

  assertEquals(placesOf(/\bDeno\s*\.\s*(Kv|openKv|AtomicOperation)/, code), []);
  // Neither by another way to the same object: `Deno["openKv"]`, `const { openKv } = Deno`.
  assertEquals(placesOf(/\bDeno\s*(?![\s.\w`:"])/, code), []);
});

Deno.test("no source file prints through console", () => {
  assertEquals(placesOf(/(?<!\/)\bconsole\s*(\.\s*\w|\[)/, SOURCES), []);
});
