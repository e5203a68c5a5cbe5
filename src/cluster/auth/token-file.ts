import { readFileSync } from "node:fs";
import { configurationError } from "../errors.ts";
import type { Authenticator } from "./authenticator.ts";
import { bearer } from "./bearer.ts";

/** Milliseconds that a token read from a file is used for; the kubelet rotates such files (rest/transport token source). */
const REREAD_MS = 60_000;

/**
 * A bearer token that lives in a file and is read again every minute and after a 401. While the file cannot be read the
 * last token that could be, or `initial`, goes on being used, as in client-go.
 */
export function tokenFile(file: string, initial: string | null): Authenticator {
  let token = initial;
  let readAt = -Infinity;
  const read = (): void => {
    try {
      const content = readFileSync(file, "utf8").trim();
      if (content === "") throw new Error("it is empty");
      token = content;
    } catch (error) {
      if (token !== null) return;
      const code = (error as NodeJS.ErrnoException).code;
      const why = code === "ENOENT" ? "no such file or directory" : (code ?? "it is empty");
      throw configurationError(`open ${file}: ${why}`, "Check the tokenFile of the kubeconfig's user.");
    } finally {
      readAt = performance.now();
    }
  };
  const current = async () => {
    if (performance.now() - readAt >= REREAD_MS) read();
    return { authorization: bearer(token ?? ""), certificate: null };
  };
  return {
    credentials: current,
    async renew() {
      const before = token;
      read();
      return token !== before;
    },
  };
}
