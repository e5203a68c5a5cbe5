import type { Io } from "../cli/io.ts";
import type { VersionReport } from "../model/report.ts";

/** Gathers what `version` prints. */
export async function versionReport(io: Io): Promise<VersionReport> {
  const { FORMAT_VERSION } = await import("../evidence/format-version.ts");
  const { GITLEAKS } = await import("../credentials/gitleaks/pin.ts");
  return {
    apiVersion: "cronaudit/v1",
    kind: "VersionReport",
    version: io.version,
    node: io.runtime.node,
    platform: io.runtime.platform,
    timeZone: io.runtime.timeZone,
    tzdata: io.runtime.tzdata,
    snapshotFormat: FORMAT_VERSION,
    // The rules that recognise credentials are part of the program and change with it alone.
    rules: [
      { name: "credentials", release: io.version },
      { name: "gitleaks", release: GITLEAKS.release },
    ],
  };
}
