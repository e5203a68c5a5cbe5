import { match } from "../rule.ts";
import type { FormRule, Match } from "../rule.ts";

const BEGIN = "-----BEGIN ";
const END = "-----END ";
const LONGEST_LABEL = 64;
const SHORTEST_BODY = 16;

/** PEM blocks (RFC 7468) whose label ends in PRIVATE KEY, with real or escaped line ends; public keys and certificates are none. */
export const privateKey: FormRule = {
  id: "private-key",
  find(text) {
    const found: Match[] = [];
    let footer = -1;
    for (let at = text.indexOf(BEGIN); at >= 0; at = text.indexOf(BEGIN, at + BEGIN.length)) {
      const label = text.slice(at + BEGIN.length, at + BEGIN.length + LONGEST_LABEL);
      const labelEnd = label.indexOf("-----");
      if (labelEnd < 0 || !/PRIVATE KEY( BLOCK)?$/.test(label.slice(0, labelEnd))) continue;
      const body = at + BEGIN.length + labelEnd + 5;
      const next = text.indexOf(BEGIN, body);
      const stop = next < 0 ? text.length : next;
      // The footer after one key without a footer is also the next key's: it is looked for once.
      if (footer < body) footer = indexOrEnd(text, END, body);
      const close = footer < stop ? indexOrEnd(text, "-----", footer + END.length) : stop;
      const end = Math.min(close + 5, stop);
      if (end - body >= SHORTEST_BODY)
        found.push(match(at, end, "private-key", "certain", "is a PEM block with a private key"));
    }
    return found;
  },
};

function indexOrEnd(text: string, what: string, from: number): number {
  const at = text.indexOf(what, from);
  return at < 0 ? text.length : at;
}
