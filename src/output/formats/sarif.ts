import type { Format } from "../format.ts";

const PIECE = 65_536;

/** SARIF 2.1.0, which code-scanning viewers read. */
export const sarif: Format = {
  name: "sarif",
  help: "findings for code-scanning viewers, as SARIF 2.1.0",
  async write(report, sink, options) {
    const { sarifPieces } = await import("../sarif/log.ts");
    let pending = "";
    for (const piece of sarifPieces(report, options)) {
      pending += piece;
      if (pending.length < PIECE) continue;
      await sink.write(pending);
      pending = "";
    }
    await sink.write(pending);
  },
};
