/** A group that captures, by where its parenthesis opens; `isRepeated`: a quantifier follows it. */
interface Capture {
  at: number;
  isRepeated: boolean;
}

/** The capturing groups of a regex in RE2's syntax, in the order of their numbers. */
function capturesOf(regex: string): Capture[] {
  const captures: Capture[] = [];
  const open: (Capture | null)[] = [];
  for (const { index, 0: token } of regex.matchAll(
    /\\[^]|\[\^?\]?(?:\[:\w+:\]|\\[^]|[^\]])*\]|\((?:\?(?:P?<\w+>)?)?|\)/g,
  )) {
    if (token.startsWith("(")) {
      const capture = token === "(?" ? null : { at: index, isRepeated: false };
      open.push(capture);
      if (capture !== null) captures.push(capture);
    } else if (token === ")") {
      const closed = open.pop();
      if (closed != null) closed.isRepeated = /^[*+?{]/.test(regex.slice(index + 1));
    }
  }
  return captures;
}

/** True where a group captures what a quantifier repeats, of which it keeps the last alone. */
export function hasRepeatedGroup(regex: string): boolean {
  return capturesOf(regex).some(({ isRepeated }) => isRepeated);
}

/**
 * The regex with repeated groups that capture nothing: what they would keep is the last repetition, which is no secret. `group`
 * counts on without them. Throws an Error where the secret is said to be in such a group.
 */
export function withoutRepeatedGroups(regex: string, group: number): { regex: string; group: number } {
  const captures = capturesOf(regex);
  if (group > 0 && captures[group - 1]?.isRepeated === true)
    throw new Error(`the secret is in group ${String(group)}, of which only the last repetition is kept: ${regex}`);
  const repeated = captures.filter(({ isRepeated }) => isRepeated);
  const before = captures.slice(0, group).filter(({ isRepeated }) => isRepeated).length;
  const plain = repeated.reduceRight(
    (text, { at }) => `${text.slice(0, at)}(?:${text.slice(at).replace(/^\((?:\?P?<\w+>)?/, "")}`,
    regex,
  );
  return { regex: plain, group: group - before };
}
