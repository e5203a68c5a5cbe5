/**
 * Runs everything that must hold and ends with one line: `N passed, N failed, N skipped`.
 * `npm test` runs all suites, `npm test -- unit cli` only those named.
 * A step that is no vitest project (types, lint …) counts as one test.
 * Half of the cluster suite is waiting for controllers, so the others run beside it; what they print comes when each ends.
 */
import { spawn } from "node:child_process";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, relative } from "node:path";

interface Counts {
  passed: number;
  failed: number;
  skipped: number;
}

interface Suite {
  name: string;
  command: (report: string) => string[];
  vitest: boolean;
}

const node = process.execPath;
const bin = (name: string, script: string): string[] => [node, join("node_modules", name, script)];
const step = (name: string, command: string[]): Suite => ({ name, command: () => command, vitest: false });
const project = (name: string): Suite => ({
  name,
  vitest: true,
  command: (report) => [
    ...bin("vitest", "vitest.mjs"),
    "run",
    "--project",
    name,
    "--reporter=default",
    "--reporter=json",
    `--outputFile.json=${report}`,
  ],
});

const suites: Suite[] = [
  step("format", [...bin("prettier", "bin/prettier.cjs"), "--check", "--log-level=warn", "."]),
  step("generated", [node, "scripts/generate.ts", "--check"]),
  step("types", [...bin("typescript", "bin/tsc"), "--noEmit", "-p", "."]),
  step("lint", [...bin("eslint", "bin/eslint.js"), "--max-warnings=0", "."]),
  project("unit"),
  project("cases"),
  project("cli"),
  project("faults"),
  project("shells"),
  project("browser"),
  project("release"),
  project("cluster"),
];

/** Runs a suite's command; gives its exit status and, where it is not to be seen at once, what it printed. */
async function run(command: string[], notRun: string, live: boolean): Promise<{ status: number; output: Buffer }> {
  const [program, ...args] = command;
  const env = { ...process.env, CRONAUDIT_NOT_RUN: notRun };
  const out = live ? "inherit" : "pipe";
  const child = spawn(program!, args, { stdio: ["ignore", out, out], env });
  const chunks: Buffer[] = [];
  for (const stream of [child.stdout, child.stderr]) stream?.on("data", (chunk: Buffer) => chunks.push(chunk));
  return await new Promise((resolve, reject) => {
    child.on("error", reject);
    child.on("close", (code) => {
      resolve({ status: code ?? 1, output: Buffer.concat(chunks) });
    });
  });
}

interface VitestReport {
  numPassedTests: number;
  numFailedTests: number;
  numPendingTests: number;
  numTodoTests: number;
  testResults: {
    name: string;
    message: string;
    assertionResults: { fullName: string; status: string; failureMessages: string[] }[];
  }[];
}

interface Result extends Counts {
  /** One line for each test, or file, that failed. */
  failures: string[];
}

/** vitest's own counts; a suite that fails without a failed test (a hook, an import, an unhandled error) is one failure. */
async function resultOf(suite: Suite, status: number, reportFile: string): Promise<Result> {
  const itself: Result = {
    passed: status === 0 ? 1 : 0,
    failed: status === 0 ? 0 : 1,
    skipped: 0,
    failures: status === 0 ? [] : [suite.name],
  };
  if (!suite.vitest) return itself;
  const text = await readFile(reportFile, "utf8").catch(() => null);
  if (text === null) return { passed: 0, failed: 1, skipped: 0, failures: [`${suite.name}: it wrote no report`] };
  const report = JSON.parse(text) as VitestReport;
  return {
    passed: report.numPassedTests,
    failed: report.numFailedTests > 0 ? report.numFailedTests : itself.failed,
    skipped: report.numPendingTests + report.numTodoTests,
    failures: failuresIn(suite, report),
  };
}

function failuresIn(suite: Suite, { testResults }: VitestReport): string[] {
  const firstLine = (text: string): string => text.split("\n", 1)[0]!.slice(0, 300);
  return testResults.flatMap(({ name, message, assertionResults }) => {
    const file = `${suite.name}: ${relative(process.cwd(), name)}`;
    const failed = assertionResults.filter((one) => one.status === "failed");
    if (failed.length === 0) return message === "" ? [] : [`${file}: ${firstLine(message)}`];
    return failed.map((one) => `${file}: ${one.fullName}: ${firstLine(one.failureMessages[0] ?? "")}`);
  });
}

const wanted = process.argv.slice(2);
const unknown = wanted.filter((name) => !suites.some((suite) => suite.name === name));
if (unknown.length > 0) {
  process.stderr.write(
    `error: no suite named ${unknown.join(", ")}; there are: ${suites.map((s) => s.name).join(", ")}\n`,
  );
  process.exit(2);
}

const folder = await mkdtemp(join(tmpdir(), "cronaudit-test-"));
const chosen = suites.filter(({ name }) => wanted.length === 0 || wanted.includes(name));
const beside = chosen.length > 1 && chosen.some(({ name }) => name === "cluster");
const total: Counts = { passed: 0, failed: 0, skipped: 0 };
const lines: string[] = [];
const failures: string[] = [];

async function runSuite(suite: Suite, live: boolean): Promise<void> {
  if (live) process.stdout.write(`\n== ${suite.name}\n`);
  const started = performance.now();
  const report = join(folder, `${suite.name}.json`);
  const notRun = join(folder, `${suite.name}.not-run`);
  const { status, output } = await run(suite.command(report), notRun, live);
  if (!live) process.stdout.write(`\n== ${suite.name}\n${output.toString("utf8")}\n`);
  const result = await resultOf(suite, status, report);
  const seconds = ((performance.now() - started) / 1000).toFixed(1);
  lines.push(
    `${suite.name.padEnd(10)} ${seconds.padStart(7)} s   ${String(result.passed)} passed, ${String(result.failed)} failed, ${String(result.skipped)} skipped`,
  );
  const why = await readFile(notRun, "utf8").catch(() => "");
  if (why !== "") lines.push(`           NOT RUN: ${why.trim()}`);
  // Said once more at the end, where a long log was cut.
  failures.push(...result.failures.map((one) => `FAILED ${one}`));
  total.passed += result.passed;
  total.failed += result.failed;
  total.skipped += result.skipped;
}

async function runInOrder(lane: Suite[], live: boolean): Promise<void> {
  for (const suite of lane) await runSuite(suite, live);
}

try {
  const isCluster = ({ name }: Suite): boolean => name === "cluster";
  await Promise.all([
    runInOrder(chosen.filter(isCluster), true),
    runInOrder(
      chosen.filter((suite) => !isCluster(suite)),
      !beside,
    ),
  ]);
} finally {
  await rm(folder, { recursive: true, force: true });
}
process.stdout.write(`\n${[...lines, ...failures].join("\n")}\n`);
process.stdout.write(
  `${String(total.passed)} passed, ${String(total.failed)} failed, ${String(total.skipped)} skipped\n`,
);
process.exitCode = total.failed > 0 ? 1 : 0;
