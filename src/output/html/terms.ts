import type { Topic } from "../../model/topic.ts";
import { asCalled } from "../as-called.ts";
import { markup, type Html, type Part, when } from "./markup.ts";

/**
 * The ids that a page used, each explained once at its end. A place in the page is a number, never an id from a report, which
 * a file may have made up.
 */
export class Terms {
  readonly #topic: (id: string) => Topic | null;
  readonly #program: string;
  readonly #used = new Map<string, number>();

  /** `topic` explains an id, null where it knows none; `program` is how the user calls this one. */
  constructor(topic: (id: string) => Topic | null, program: string) {
    this.#topic = topic;
    this.#program = program;
  }

  /** The id, linked to its explanation where there is one. */
  link(id: string): Html {
    const topic = this.#topic(id);
    if (topic === null) return markup`<code class="term">${id}</code>`;
    const known = this.#used.get(id);
    const at = known ?? this.#used.size + 1;
    if (known === undefined) this.#used.set(id, at);
    return markup`<a class="term" href="#term-${at}" title="${topic.summary}">${id}</a>`;
  }

  /** True where no id was linked. */
  get isEmpty(): boolean {
    return this.#used.size === 0;
  }

  /** The explanations, in the order of ids. */
  *explained(): Generator<Html> {
    const used = [...this.#used].sort(([a], [b]) => (a < b ? -1 : 1));
    for (const [id, at] of used) yield explanation(this.#topic(id)!, at, this.#program);
  }
}

function explanation(topic: Topic, at: number, program: string): Html {
  const part = (heading: string, lines: readonly string[]): Part =>
    when(
      lines.length > 0,
      () =>
        markup`<h4>${heading}</h4>
          <ul>
            ${lines.map((line) => markup`<li>${asCalled(line, program)}</li>`)}
          </ul>`,
    );
  return markup`<details class="topic" id="term-${at}">
    <summary>
      <h3><code>${topic.id}</code></h3>
      <span class="said">${topic.title}</span>
    </summary>
    <div class="inside">
      <p>${topic.summary}</p>
      ${part("Why it matters", topic.why)}${part("What ends or prevents it", topic.fix)}${part("What it needs", topic.needs)}
      ${when(topic.source !== "", () => markup`<p class="quiet">Source: ${topic.source}</p>`)}
    </div>
  </details> `;
}
