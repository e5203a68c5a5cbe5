/** Why there is no release, in one sentence that says what to do; ends the script with status 2. */
export class ReleaseError extends Error {
  override readonly name = "ReleaseError";
}

/** The first line that a program wrote about its failure, without npm's code of it. */
export function complaintOf(error: Error & { stderr?: string }): string {
  const lines = (error.stderr || error.message).split("\n").map((line) => line.replace(/^npm error /, "").trim());
  return (
    lines.find((line) => line !== "" && !/^(?:npm error|code [A-Z0-9]{1,20}$|npm warn)/.test(line)) ?? error.message
  );
}
