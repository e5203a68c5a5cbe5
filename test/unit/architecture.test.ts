import { readdirSync, readFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import ts from "typescript";
import { expect, test } from "vitest";

const source = join(import.meta.dirname, "../../src");

/** The folders of src/, and what each may import from. `main` is src/main.ts. */
const mayImport: Record<string, string[]> = {
  model: [],
  scope: ["model"],
  batch: ["model", "scope"],
  rbac: ["model", "scope"],
  credentials: ["model"],
  exposure: ["model", "scope", "batch", "rbac", "credentials"],
  cleanup: ["model", "scope", "batch", "rbac", "credentials", "exposure", "evidence"],
  hold: ["model", "scope", "batch", "rbac", "credentials", "exposure", "evidence"],
  scenarios: ["model", "scope", "batch", "rbac", "credentials", "exposure", "cleanup", "evidence"],
  explain: ["model", "batch", "rbac", "exposure", "scenarios", "evidence"],
  output: ["model"],
  evidence: ["model", "credentials"],
  cluster: ["model"],
  cli: ["model", "output"],
  commands: [
    "model",
    "scope",
    "batch",
    "rbac",
    "credentials",
    "exposure",
    "cleanup",
    "hold",
    "scenarios",
    "explain",
    "output",
    "evidence",
    "cluster",
    "cli",
  ],
  main: ["cli", "commands"],
};

/** Modules of Node that compute and touch nothing outside. */
const harmless = [
  "node:crypto",
  "node:path",
  "node:util",
  "node:readline",
  "node:stream",
  "node:stream/promises",
  "node:zlib",
  "node:buffer",
  "node:timers/promises",
];

/** Where effects live: the connection, the evidence file, and the verbs. */
const withEffects =
  /^(cluster|commands)\/|^(evidence\/file|cleanup\/bundle\/files|cleanup\/journal-files|hold\/files|main)\.ts$/;

interface Import {
  specifier: string;
  kind: "type" | "static" | "dynamic";
}

const files = readdirSync(source, { recursive: true, encoding: "utf8" })
  .filter((file) => file.endsWith(".ts"))
  .map((file) => file.replaceAll("\\", "/"))
  .sort();
const texts = new Map(files.map((file) => [file, readFileSync(join(source, file), "utf8")]));
const parsed = new Map(
  files.map((file) => [file, ts.createSourceFile(file, texts.get(file)!, ts.ScriptTarget.Latest, true)]),
);

function importsOf(file: string): Import[] {
  const found: Import[] = [];
  const visit = (node: ts.Node): void => {
    const named = ts.isImportDeclaration(node) || ts.isExportDeclaration(node) ? node.moduleSpecifier : undefined;
    if (named !== undefined && ts.isStringLiteral(named)) found.push({ specifier: named.text, kind: kindOf(node) });
    if (ts.isCallExpression(node) && node.expression.kind === ts.SyntaxKind.ImportKeyword) {
      const [argument] = node.arguments;
      found.push({
        specifier: argument !== undefined && ts.isStringLiteral(argument) ? argument.text : "?",
        kind: "dynamic",
      });
    }
    ts.forEachChild(node, visit);
  };
  visit(parsed.get(file)!);
  return found;
}

/** An import whose every name is a type is gone once the types are stripped. */
function kindOf(node: ts.Node): Import["kind"] {
  if (ts.isExportDeclaration(node)) return node.isTypeOnly ? "type" : "static";
  const clause = ts.isImportDeclaration(node) ? node.importClause : undefined;
  return clause?.phaseModifier === ts.SyntaxKind.TypeKeyword ? "type" : "static";
}

const target = (file: string, specifier: string): string =>
  relative(source, join(source, dirname(file), specifier)).replaceAll("\\", "/");
const folderOf = (file: string): string =>
  file.includes("/") ? file.slice(0, file.indexOf("/")) : file.replace(/\.ts$/, "");

test("every folder imports only from where it may", () => {
  const wrong = files.flatMap((file) => {
    const folder = folderOf(file);
    const allowed = mayImport[folder];
    if (allowed === undefined) return [`${file}: src/${folder} is in no row of the table`];
    return importsOf(file)
      .filter(({ specifier }) => specifier.startsWith("."))
      .map(({ specifier }) => target(file, specifier))
      .filter((path) => path !== "../package.json" && folderOf(path) !== folder && !allowed.includes(folderOf(path)))
      .map((path) => `${file} imports ${path}`);
  });
  expect(wrong).toEqual([]);
});

test("what has no effects imports nothing of Node that has", () => {
  const wrong = files
    .filter((file) => !withEffects.test(file))
    .flatMap((file) =>
      importsOf(file)
        .filter(
          ({ specifier, kind }) => kind !== "type" && specifier.startsWith("node:") && !harmless.includes(specifier),
        )
        .map(({ specifier }) => `${file} imports ${specifier}`),
    );
  expect(wrong).toEqual([]);
});

test("what has no effects asks neither clock nor process nor chance", () => {
  const forbidden =
    /^(Date\.now|new Date\(\)|Date\(\)|Temporal\.Now|performance\.now|Math\.random|process\.\w+|fetch\(\))$/;
  const wrong = files
    .filter((file) => !withEffects.test(file))
    .flatMap((file) =>
      usesOf(file)
        .filter((use) => forbidden.test(use) && use !== CONSTANT)
        .map((use) => `${file}: ${use}`),
    );
  expect(wrong).toEqual([]);
});

test("only main.ts takes from the process, and only src/cluster opens connections", () => {
  const wrong = files.flatMap((file) => {
    const network = importsOf(file).filter(({ specifier }) =>
      /^(node:(net|tls|http|https|http2|dns|dgram|child_process)(\/|$)|undici|@kubernetes\/)/.test(specifier),
    );
    const process = usesOf(file).filter((use) => use.startsWith("process.") && use !== CONSTANT);
    return [
      ...(folderOf(file) === "cluster" ? [] : network.map(({ specifier }) => `${file} imports ${specifier}`)),
      ...(file === "main.ts" ? [] : process.map((use) => `${file}: ${use}`)),
    ];
  });
  expect(wrong).toEqual([]);
});

/** What the runtime was built with, its tz database for one, is the same however often it is asked. */
const CONSTANT = "process.versions";

/** `a.b` for every property of a plain name, `new X()` and `f()` for calls without arguments and calls by name. */
function usesOf(file: string): string[] {
  const uses: string[] = [];
  const visit = (node: ts.Node): void => {
    if (ts.isPropertyAccessExpression(node) && ts.isIdentifier(node.expression)) {
      uses.push(`${node.expression.text}.${node.name.text}`);
    }
    if (ts.isNewExpression(node) && ts.isIdentifier(node.expression) && (node.arguments?.length ?? 0) === 0) {
      uses.push(`new ${node.expression.text}()`);
    }
    if (ts.isCallExpression(node) && ts.isIdentifier(node.expression)) uses.push(`${node.expression.text}()`);
    ts.forEachChild(node, visit);
  };
  visit(parsed.get(file)!);
  return uses;
}

test("starting the program loads no evidence, no judgement and no connection", () => {
  const reached = new Set(["main.ts"]);
  const packages = new Set<string>();
  for (const file of reached) {
    for (const { specifier, kind } of importsOf(file)) {
      if (kind !== "static") continue;
      if (!specifier.startsWith(".")) packages.add(specifier);
      else if (specifier.endsWith(".ts")) reached.add(target(file, specifier));
    }
  }
  expect(reached.size).toBeGreaterThan(5);
  expect(
    [...reached].filter((file) => !["main", "cli", "commands", "output", "model"].includes(folderOf(file))),
  ).toEqual([]);
  const allowed = /^node:/;
  expect([...packages].filter((name) => !allowed.test(name))).toEqual([]);
});

test("reading a file reaches no connection, even by what is loaded later", () => {
  const reached = new Set(["evidence/file.ts"]);
  for (const file of reached) {
    for (const { specifier, kind } of importsOf(file)) {
      if (kind !== "type" && specifier.startsWith(".")) reached.add(target(file, specifier));
    }
  }
  expect([...reached].filter((file) => file.startsWith("cluster/"))).toEqual([]);
});

test("no file is longer than 300 lines", () => {
  expect(files.filter((file) => texts.get(file)!.split("\n").length > 301)).toEqual([]);
});

test("yargs has one user", () => {
  const users = files.filter((file) => importsOf(file).some(({ specifier }) => /^yargs/.test(specifier)));
  expect(users).toEqual(["cli/parse.ts"]);
});
