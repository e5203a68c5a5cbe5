import type { Format } from "../format.ts";

/** Text is handed on in pieces of about so many characters. */
const PIECE = 65_536;

/** One page that a browser shows without a network, for a ticket or somebody who has no terminal. */
export const html: Format = {
  name: "html",
  help: "one page for a browser, which loads nothing else",
  async write(report, sink, options) {
    const { page } = await import("../html/index.ts");
    let pending = "";
    // Piece by piece: a large page never stands in memory as one text.
    for (const piece of page(report, options)) {
      pending += piece;
      if (pending.length < PIECE) continue;
      await sink.write(pending);
      pending = "";
    }
    await sink.write(pending);
  },
};
