import { safe } from "../text.ts";

/**
 * Text for a message of SARIF, in which brackets make links and braces placeholders (SARIF 2.1.0, 3.11): both are escaped, and
 * so is what would steer a terminal.
 */
export function messageText(text: string): string {
  return safe(text)
    .replaceAll(/[\\[\]]/g, "\\$&")
    .replaceAll(/[{}]/g, "$&$&");
}

/** One part of a relative address. No name, whatever an evidence file calls its objects, leads out of its folder. */
export function uriPart(name: string): string {
  const encoded = encodeURIComponent(name.toWellFormed()).replaceAll(
    /[!'()*]/g,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  );
  return /^\.*$/.test(encoded) ? `_${encoded}` : encoded;
}
