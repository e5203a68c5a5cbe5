import type { Command } from "../cli/command.ts";
import { openSink } from "../cli/streams.ts";
import type { VersionReport } from "../model/report.ts";

/** What this program is and what it judges by. */
export const version = {
  name: "version",
  summary: "Print the versions of the program and of what it judges by.",
  group: "about",
  examples: [
    { run: "version", why: "What is installed" },
    { run: "version -o json", why: "The same for a script or a bug report" },
  ],
  flags: ["output", "help"],
  words: null,
  formats: ["table", "json", "yaml"],
  needs: [],
  async run({ io, options }) {
    const { versionReport } = await import("./version-report.ts");
    const report = await versionReport(io);
    const out = openSink(io.stdout);
    if (options.output === "json") await out.write(`${JSON.stringify(report, null, 4)}\n`);
    else if (options.output === "yaml") {
      const { stringify } = await import("yaml");
      await out.write(stringify(report));
    } else await out.write(lines(report));
    return 0;
  },
} as const satisfies Command;

function lines(report: VersionReport): string {
  const rows = [
    ["kubectl-cronaudit", report.version],
    ["Node", report.node],
    ["Platform", report.platform],
    ["Time zone", `${report.timeZone} (tzdata ${report.tzdata})`],
    ["Snapshot format", String(report.snapshotFormat)],
    ...report.rules.map(({ name, release }) => [`Rules (${name})`, release]),
  ];
  return rows.map(([name = "", value = ""]) => `${`${name}:`.padEnd(22)}${value}\n`).join("");
}
