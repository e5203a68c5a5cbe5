import type { ViewOptions } from "../view.ts";
import { markup, type Html, type Part } from "./markup.ts";
import { command } from "./pieces.ts";

/**
 * Lines of a view for people: sentences as paragraphs, lines that are laid out by spaces as they are, and what is offered as a
 * command so that it can be copied.
 */
export function linesOf(lines: readonly string[], options: Pick<ViewOptions, "program">): Part {
  const blocks: Html[] = [];
  let laidOut: string[] = [];
  const flush = (): void => {
    if (laidOut.length > 0) blocks.push(markup`<pre class="lines">${laidOut.map((line) => `${line}\n`)}</pre>`);
    laidOut = [];
  };
  for (const line of lines) {
    if (/^(?: {2}|[├└│])/.test(line)) {
      laidOut.push(line);
      continue;
    }
    flush();
    if (line !== "") blocks.push(sentence(line, options.program));
  }
  flush();
  return blocks;
}

/** What stands before a command that is offered. No other sentence offers one: a name in it may look like a command. */
const offer =
  /^(?:Next|Or|Release|Look again|Hold it|Hold everything|Keep what is there now|The worst first|Ignored: [\w ,]{1,160}|[\d,]{1,16} more values? might be a credential)$/;

function sentence(line: string, program: string): Html {
  const at = [`: ${program} `, ": kubectl "].map((start) => line.indexOf(start)).filter((each) => each > 0);
  if (at.length === 0) return markup`<p>${line}</p>`;
  const start = Math.min(...at);
  if (!offer.test(line.slice(0, start))) return markup`<p>${line}</p>`;
  return markup`<div class="next">
    <h3>${line.slice(0, start)}</h3>
    ${command(line.slice(start + 2))}
  </div>`;
}
