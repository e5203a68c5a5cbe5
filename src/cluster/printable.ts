/**
 * Text from a server or a file as one that a terminal cannot be steered with: control and format characters become
 * their code point (`U+001B`), as kubectl writes them, line breaks and tabs stay, and what is longer than `max` is cut.
 */
export function printable(text: string, max = 2000): string {
  const cut = text.length > max ? `${text.slice(0, max)}…` : text;
  return cut.replace(/[^\P{C}\t\n]/gu, (character) => {
    const point = character.codePointAt(0) ?? 0;
    return `U+${point.toString(16).toUpperCase().padStart(4, "0")}`;
  });
}
