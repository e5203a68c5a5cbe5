import { spawn } from "node:child_process";
import { schemaErrors } from "../schema.ts";

/** What one run of the program left behind. */
export interface Run {
  status: number | null;
  stdout: string;
  stderr: string;
}

/** Runs the program as a user would, from the clone's bin, with this kubeconfig and nothing else of the environment. */
export async function cronaudit(kubeconfig: string, args: string[], input?: string): Promise<Run> {
  const child = spawn(process.execPath, ["bin/kubectl-cronaudit.js", ...args], {
    env: { PATH: process.env["PATH"], HOME: "/nonexistent", KUBECONFIG: kubeconfig, TZ: "UTC" },
    stdio: ["pipe", "pipe", "pipe"],
  });
  const run: Run = { status: null, stdout: "", stderr: "" };
  child.stdout.setEncoding("utf8").on("data", (text: string) => (run.stdout += text));
  child.stderr.setEncoding("utf8").on("data", (text: string) => (run.stderr += text));
  child.stdin.end(input);
  run.status = await new Promise((resolve, reject) => {
    child.on("error", reject);
    child.on("close", resolve);
  });
  return run;
}

/** The same, for a report that must come as JSON and keep to its published schema; the status is checked first, so that a failure shows what was said. */
export async function reportOf<Report>(kubeconfig: string, args: string[], status = 0): Promise<Report> {
  const run = await cronaudit(kubeconfig, [...args, "-o", "json"]);
  if (run.status !== status) throw new Error(`status ${String(run.status)}, expected ${String(status)}: ${run.stderr}`);
  const report = JSON.parse(run.stdout) as Report & { kind: string };
  const errors = schemaErrors(report);
  if (errors.length > 0) throw new Error(`the report does not keep to its schema: ${errors.join("; ")}`);
  return report;
}
